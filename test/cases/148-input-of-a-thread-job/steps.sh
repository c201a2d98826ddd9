# a thread job iterates over its input
start-thread-job --wait --input-object a --input-object b 'for await (const x of input) console.log(x)'
printf 'c\nd' | start-thread-job --wait --input-object - 'for await (const x of input) console.log(x)'

# records of a thread job keep their order over all streams
start-thread-job -o id 'console.log("out1"); console.warn("warn"); console.log("out2")'
receive-job 1 --wait -o jsonl | sed 's/.*"stream":\("[a-z]*"\),"value":\(.*\)}/\1 \2/'

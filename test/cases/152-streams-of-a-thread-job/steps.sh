# what a thread job prints by each method of console is in its own stream, once
start-thread-job -o id 'console.error("e"); console.warn("w"); console.debug("d"); console.info("i"); await streams.verbose.write("v"); await streams.progress.write({ activity: "p", percent: 50 })'
receive-job 1 --wait -o jsonl | sed 's/"time":"[^"]*",//'

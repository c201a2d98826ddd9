# Jobs are received in the order given, each once.
start-job --wait -- echo one > /dev/null
start-job --wait -- echo two > /dev/null
receive-job 3 1 3 'Job*' --from start

# core matches the names of thread jobs: wildcards find them
start-thread-job --name Thumb -o id 'return 1'
get-job --name 'Thu*' -o id

# what a thread job returns is its output
start-thread-job 'return 42' -o id | receive-job - --wait
start-thread-job 'return { args }' --wait -- a 'b c'

# a thread job cannot be received by computer name; the other job in the call is
start-thread-job -o id 'return 1'
start-job -o id 'echo two'
wait-job 1 2 -o id
receive-job 1 2 --computer-name localhost

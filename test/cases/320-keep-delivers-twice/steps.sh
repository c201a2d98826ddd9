# With --keep output and errors are delivered each time.
start-job -o id 'echo o; echo e >&2'
wait-job 1 -o id
receive-job 1 --keep
receive-job 1 --keep

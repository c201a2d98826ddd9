# A stream that does not exist is refused; names of streams have no case.
start-job -o id 'echo o; echo e >&2'
wait-job 1 -o id
receive-job 1 --stream outptu || echo "exit $?"
receive-job 1 --stream OUTPUT,Error

# A failed job and its child show the same reason.
start-job -o id 'exit 3'
wait-job 1 -o id
get-job 1 2 -o json | show id state reason exitCode

# --tail counts from the end of all records.
start-job -o id 'seq 1 9'
wait-job 1 -o id
receive-job 1 --tail 2 --keep
receive-job 1 --tail 0 --keep
receive-job 1 --tail -1 || echo "exit $?"

# --since takes a time or how long ago; what was written before is not shown, and the cursor stays.
start-job -o id 'echo x'
wait-job 1 -o id
receive-job 1 --since 1h
receive-job 1 --since 2000-01-01
receive-job 1 --since 2999-01-01
receive-job 1 --since 1h --from start || echo "exit $?"
receive-job 1 --since sometimes || echo "exit $?"
receive-job 1

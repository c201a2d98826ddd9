# --from start gives every line again, any number of times, and leaves the cursor alone.
start-job -o id 'echo a; echo b; echo c'
wait-job 1 -o id
receive-job 1
echo -- again
receive-job 1
receive-job 1 --from start
receive-job 1 --from start
echo -- tail
receive-job 1 --from start --tail 2
receive-job 1

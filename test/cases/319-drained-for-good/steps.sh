# A finished job that is drained has no more data, and stays so.
start-job -o id 'echo x; echo y >&2'
wait-job 1 -o json | show hasMoreData
receive-job 1 > received 2>&1
get-job 1 2 -o json | show hasMoreData
receive-job 1 --from start > received 2>&1
receive-job 1 --keep
get-job 1 2 -o json | show hasMoreData

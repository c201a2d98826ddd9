# A job is completed, has output, is received and removed.
start-job -o id -- sh -c 'echo 2'
wait-job 1 -o json | show state hasMoreData
receive-job 1
remove-job 1
get-job -o json

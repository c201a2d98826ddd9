# Without --wait a running job gives what there is, at once.
start-job -o id 'echo early; until [ -e go ]; do sleep 0.05; done; echo late'
eventually sh -c 'receive-job 1 --keep | grep early'
receive-job 1
receive-job 1
get-job 1 -o json | show state hasMoreData

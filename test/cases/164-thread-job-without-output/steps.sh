# a thread job that runs and has written nothing has more data
start-thread-job -o id 'await new Promise((done) => signal.addEventListener("abort", done))'
get-job 1 -o json | show state hasMoreData
suspend-job 1 > printed || echo "code $?"
stop-job 1
get-job 1 -o json | show state hasMoreData

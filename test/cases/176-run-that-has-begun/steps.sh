# A triggered run that has just begun is Running for everybody, and has its final state after the end.
nightshift scheduler run --once 2> log &
eventually sh -c 'get-job -o json | show state | grep Running'
touch go
wait
get-job -o json | show name state origin.kind

# A reader that leaves ends receive-job quietly, with exit 0.
start-job -o id 'seq 1 100000'
wait-job 1 -o id
{ receive-job 1; echo "exit $?" >&2; } | head -1
get-job 1 -o json | show hasMoreData

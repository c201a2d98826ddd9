# Of a finished and a running job the finished one is removed.
start-job --wait -- true
start-job -o id -- sleep 600
remove-job --id 1,3 || echo "exit $?"
get-job -o id

# --exit-status is the code of the first job that failed; 10 where it has none.
start-job --wait -- true
start-job --wait -- sh -c 'exit 4' 2> /dev/null || true
start-job -o id -- sleep 600
stop-job 5
wait-job 1 --exit-status -o id
wait-job 1 3 5 --exit-status -o id || echo "exit $?"
wait-job 5 --exit-status -o id || echo "exit $?"

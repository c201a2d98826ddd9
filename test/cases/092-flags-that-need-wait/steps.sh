# --write-events, --write-job-in-results and --force without --wait are refused, and nothing is read.
start-job -o id 'echo x'
wait-job 1 -o id
receive-job 1 --write-events || echo "exit $?"
receive-job 1 --write-job-in-results || echo "exit $?"
receive-job 1 --force || echo "exit $?"
receive-job 1 --keep --wait || echo "exit $?"
receive-job 1 --wait --keep || echo "exit $?"
receive-job 1

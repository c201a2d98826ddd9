# A refused removal leaves the job running.
start-job -o id 'echo $$; exec sleep 600'
eventually sh -c 'receive-job 1 --keep | grep . > pid'
remove-job 1 2> /dev/null || echo "exit $?"
kill -0 "$(cat pid)" && echo alive

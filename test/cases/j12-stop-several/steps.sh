# Several jobs are stopped in one call, and an unknown one among them is an error.
for n in 1 2 3; do start-job -o id -- sleep 600; done
stop-job 1 3 99 5 || echo "exit $?"
get-job -o json | show id state

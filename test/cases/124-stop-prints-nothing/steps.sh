# stop-job prints nothing; --pass-thru prints the jobs.
start-job -o id -- sleep 600
start-job -o id -- sleep 600
stop-job 1
stop-job 3 1 --pass-thru -o json | show id state

# A job that ignores SIGTERM is killed after the grace period.
start-job -o id "trap '' TERM; echo ready; while :; do sleep 0.1; done"
eventually sh -c 'receive-job 1 --keep | grep ready'
begin=$(date +%s)
stop-job 1 --grace-period 500ms
[ $(($(date +%s) - begin)) -lt 4 ] && echo in time
get-job 1 -o json | show state reason

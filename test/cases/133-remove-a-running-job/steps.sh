# A running job is not removed without --force.
start-job -o id -- sleep 600
get-job 1 -o json | show instanceId > before
remove-job 1 || echo "exit $?"
get-job 1 -o json | show instanceId | cmp - before && echo still there

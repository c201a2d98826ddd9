# A running job is not removed without --force, even when it is named by its state or command.
start-job -o id -- sleep 600
remove-job --state Running || echo "exit $?"
remove-job --command 'sleep*' || echo "exit $?"
get-job 1 -o json | show state

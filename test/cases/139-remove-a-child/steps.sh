# A child is not removed on its own.
start-job --wait -- true
remove-job --id 2 || echo "exit $?"
remove-job --instance-id "$(get-job 2 -o json | show instanceId)" || echo "exit $?"
get-job 1 2 -o id

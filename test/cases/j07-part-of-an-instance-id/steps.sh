# Eight characters of either end name a job, unless several begin with them.
start-job --wait -- true
start-job --wait -- true
id=$(get-job 3 -o json | show instanceId)
get-job --instance-id "$(echo "$id" | cut -c29-)" -o id
get-job "$(echo "$id" | cut -c20-)" -o id
get-job "$(echo "$id" | cut -c1-23)" -o id
get-job --instance-id "$(echo "$id" | cut -c1-8)" -o id || echo "exit $?"
get-job 01234567-0000-7000-8000-000000000000 || echo "exit $?"

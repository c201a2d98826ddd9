# a thread job is found by id, instance id, name, state, command and type
start-thread-job --name Worker -o id 'await new Promise((done) => signal.addEventListener("abort", done))'
uuid=$(get-job 1 -o json | show instanceId)
get-job 1 -o id
get-job --instance-id "$uuid" -o id
get-job --name Worker -o id
get-job --state Running -o id
get-job --command 'await new Promise*' -o id
get-job --filter type=ThreadJob -o id
stop-job 1

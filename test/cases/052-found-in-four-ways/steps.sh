# A completed job is found by name, id, instance id and state.
start-job --name Found --wait -- true
for selector in "--name Found" "--id 1" "--instance-id $(get-job 1 -o json | show instanceId)" "--state Completed"; do
  get-job $selector -o json | show id state command
done

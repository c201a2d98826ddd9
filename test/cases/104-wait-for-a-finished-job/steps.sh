# A finished job is printed at once, however it is named.
start-job --name Done --wait -- true
for selector in "--name Done" "--id 1" "--instance-id $(get-job 1 -o json | show instanceId)" "--state Completed"; do
  wait-job $selector -o json | show id state
done

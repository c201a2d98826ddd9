# --auto-remove-job removes a child with its parent, and complains about a child that is named alone.
start-job -o id 'echo x'
receive-job 1 2 --wait --auto-remove-job
get-job --json
start-job -o id 'echo y'
receive-job 4 --wait --auto-remove-job || echo "exit $?"
get-job -o id

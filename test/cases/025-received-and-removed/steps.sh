# A job goes when its id is piped into receive-job --wait --auto-remove-job.
mkdir D
start-job -o id --working-directory D pwd | receive-job - --wait --auto-remove-job
get-job --json

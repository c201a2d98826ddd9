# remove-job --what-if names each job on a line of its own and removes none.
start-job --wait --name nightly-batch true
start-job --wait --name Weekly-Batch true
start-job --wait --name other true
remove-job --name '*batch' --what-if
get-job -o id

# receive-job --wait --auto-remove-job gives the result, then the job is not to be found.
start-job -o id --name X 'echo result'
receive-job --name X --wait --auto-remove-job
get-job --name X

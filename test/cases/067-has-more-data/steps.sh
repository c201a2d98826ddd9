# --has-more-data finds what has not been received yet, and what has.
start-job -o id 'echo x'
wait-job 1 -o id
get-job --has-more-data true -o id
get-job --has-more-data false --json
receive-job 1
get-job --has-more-data true --json
get-job --has-more-data FALSE -o id

# What was received once is not received again.
start-job -o id -- echo x
wait-job 1 -o id
receive-job 1
receive-job 1

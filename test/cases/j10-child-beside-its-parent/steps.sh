# A child that is named beside its parent is received once, and told of once.
start-job -o id 'echo x'
receive-job 2 1 Job1 --follow --keep
receive-job 1 2 --wait --write-events -o jsonl | show jobId value event.state

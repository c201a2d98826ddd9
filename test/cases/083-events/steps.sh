# With --write-events the child's end follows its record, and the parent's end the child's.
start-job -o id 'echo one'
receive-job 1 --wait --write-events -o jsonl

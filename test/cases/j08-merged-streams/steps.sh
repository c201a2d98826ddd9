# With --merge-streams standard error is output, in exact order.
start-job --merge-streams --wait 'echo 1; echo 2 >&2; echo 3; echo 4 >&2'
receive-job 1 --from start -o jsonl | show seq stream channel

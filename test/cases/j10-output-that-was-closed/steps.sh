# A standard output that was closed before receive-job began takes nothing: everything is there at the next receive.
start-job -o id 'echo a; echo b'
wait-job 1 -o id
receive-job 1 >&-
receive-job 1 -o jsonl >&-
receive-job 1 --keep
receive-job 1 > /dev/null
receive-job 1

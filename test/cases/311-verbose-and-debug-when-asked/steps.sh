# Verbose and debug lines are shown when they are asked for, and always in jsonl.
start-job -o id 'echo ::verbose::v; echo ::debug::d; echo ::warning::w; echo ::information::i'
wait-job 1 -o id
receive-job 1 --keep
echo -- asked >&2
receive-job 1 --keep --verbose
receive-job 1 --keep --debug-stream
receive-job 1 -o jsonl | show stream value
receive-job 1 --verbose --debug-stream

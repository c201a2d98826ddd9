# A line that begins with ::verbose:: is a record of that stream.
start-job -o id 'echo ::verbose::m'
wait-job 1 -o id
receive-job 1 -o jsonl | show stream value

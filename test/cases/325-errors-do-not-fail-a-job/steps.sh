# Lines on stderr do not fail a job.
start-job -o id 'echo e >&2; exit 0'
wait-job 1 -o json | show state reason exitCode
receive-job 1 -o jsonl | show stream value

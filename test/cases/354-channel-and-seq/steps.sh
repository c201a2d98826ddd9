# Records of a command carry their channel and count within it.
start-job -o id 'echo o1; echo e1 >&2; echo o2; echo e2 >&2; echo o3'
wait-job 1 -o id
receive-job 1 -o jsonl > records
show channel seq stream value jobId time < records | grep stdout
show channel seq stream value jobId time < records | grep stderr

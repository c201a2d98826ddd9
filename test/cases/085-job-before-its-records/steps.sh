# With --write-job-in-results the job itself comes first, with all its keys, then the record.
start-job -o id 'echo one'
receive-job 1 --wait --write-job-in-results -o jsonl > lines
wc -l < lines
head -n 1 lines | show job.id job.name job.type job.command job.childJobs
head -n 1 lines | node -p 'Object.keys(JSON.parse(require("node:fs").readFileSync(0, "utf8")).job).length'
tail -n 1 lines

# A list is an array, however many there are; jsonl and id have one line a job.
get-job -o json
get-job -o jsonl
get-job -o id
start-job --wait -- true
get-job -o json | cut -c1-8
get-job -o jsonl | cut -c1-7
get-job -o id
get-job -o xml || echo "exit $?"

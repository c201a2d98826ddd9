# With --output-format ndjson each line is a JSON value with its type; of those that are none, the first is warned of.
start-job -o id --output-format ndjson 'echo "{\"a\": [1, null]}"; echo 12; echo true; echo "\"text\""; echo oops; echo null; echo again; echo "::warning::by the job"'
receive-job 1 --follow --keep -o jsonl
receive-job 1

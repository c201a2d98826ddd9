# A dash reads ids from stdin: one a line, a JSON array, or JSON lines.
for n in 1 2; do start-job --wait -- true; done
printf '1\n3\n' | get-job - -o id
get-job -o json | get-job - -o id
get-job -o jsonl | get-job - -o id

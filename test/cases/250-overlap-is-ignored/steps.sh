# While a run goes on IgnoreNew starts no other, and the history says so with the job that was in the way.
nightshift scheduler run --until 3500ms 2> log
get-job --name N -o jsonl | show name state > runs
cat runs
nightshift history N --word Skipped -o jsonl > skipped
show reason < skipped | sort -u
[ "$(show instanceId < skipped | sort -u)" = "$(get-job --name N -o jsonl | show instanceId)" ] && echo by that run
touch definitions/go
wait-job '*' -o id > jobs

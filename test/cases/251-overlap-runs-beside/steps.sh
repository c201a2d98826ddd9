# While a run goes on Parallel starts another beside it.
set-scheduled-job-option N --multiple-instance-policy parallel
nightshift scheduler run --until 3500ms 2> log
[ "$(get-job --name N --state Running -o id | wc -l)" -ge 2 ] && echo several run
nightshift history N --word Skipped
touch definitions/go
wait-job '*' -o id > jobs

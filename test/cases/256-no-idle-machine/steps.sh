# Who wants an idle machine and skips where that cannot be known is skipped, for the reason condition, at every due time.
set-scheduled-job-option N -StartIfIdle --idle-duration 10m --idle-timeout 1h --on-unknown-condition skip
nightshift scheduler run --until 3500ms 2> log
get-job -o json
nightshift history N -o jsonl | show word reason | sort -u

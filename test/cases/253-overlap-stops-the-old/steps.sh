# StopExisting stops the run that goes on, for the reason overlap, and then starts the new one.
set-scheduled-job-option N --multiple-instance-policy StopExisting --grace-period 1s
nightshift scheduler run --until 3500ms --drain 2s 2> log
get-job --name N -o jsonl > runs
head -1 runs | show state reason
touch definitions/go
# What was still to follow when the scheduler ended stays where it is.
wait-job --filter state=Running -o id > jobs || true

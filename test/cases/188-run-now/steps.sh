# Run now makes a kept run of type ScheduledJob, without a scheduler.
register-scheduled-job N 'echo hi' --run-now -o id
wait-job 1 -o json | show name type state origin childJobs definition.name
receive-job 1
ls "$NIGHTSHIFT_STATE_DIR"/output/*
nightshift history N || echo "exit $?"

# Options are given under PowerShell's parameter names as well, some of which say the opposite.
new-scheduled-job-option --continue-if-going-on-battery --json | show stopIfGoingOnBatteries
new-scheduled-job-option --hide-in-task-scheduler --start-if-idle --json | show showInTaskScheduler startIfNotIdle
new-scheduled-job-option -RequireNetwork -StartIfOnBattery --json | show runWithoutNetwork startIfOnBatteries
new-scheduled-job-option -RequireNetwork:'$false' --json | show runWithoutNetwork
new-scheduled-job-option --require-network --run-without-network || echo "exit $?"
new-scheduled-job-option -RunElevated || echo "exit $?"
new-scheduled-job-option --multiple-instance-policy None || echo "exit $?"
new-scheduled-job-option --idle-duration -5m || echo "exit $?"
new-scheduled-job-option --idle-duration 2:00:00 || echo "exit $?"

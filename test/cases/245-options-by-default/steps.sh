# Every option has a default, under its property name.
new-scheduled-job-option --json | show startIfOnBatteries stopIfGoingOnBatteries wakeToRun startIfNotIdle stopIfGoingOffIdle restartOnIdleResume idleDuration idleTimeout
new-scheduled-job-option --json | show showInTaskScheduler runElevated runWithoutNetwork doNotAllowDemandStart multipleInstancePolicy
new-scheduled-job-option

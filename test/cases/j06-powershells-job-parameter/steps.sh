# PowerShell's -Job is no option: a job is written by its id, or piped in.
receive-job -Job 1 || echo "exit $?"
stop-job -job || echo "exit $?"
start-job -Job 1 || echo "exit $?"

# Run now is refused of a definition that is disabled or forbids it, and what was registered stays.
set-scheduled-job Off --run-now || echo "exit $?"
set-scheduled-job Forbids --run-now || echo "exit $?"
register-scheduled-job New 'echo hi' --scheduled-job-option '{doNotAllowDemandStart: true}' --run-now || echo "exit $?"
get-job

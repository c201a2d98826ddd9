# A line of a crontab that cannot be read is told at its place, and does not keep the others from being started.
start-job --type CrontabJob --definition-name backup || echo "$?"
start-job --type CrontabJob --definition-name echo --wait
start-job --type CrontabJob --definition-name ecko || echo "$?"

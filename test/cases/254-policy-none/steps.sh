# PowerShell's policy None is refused in a file and in an option, and IgnoreNew is named.
nightshift validate || echo "exit $?"
set-scheduled-job-option N --multiple-instance-policy None || echo "exit $?"

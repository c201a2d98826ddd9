# Parameters that belong to PowerShell's own host are refused; -Verbose is accepted.
start-job -ErrorAction Stop -- true || echo "exit $?"
start-job -o id -Verbose -- true

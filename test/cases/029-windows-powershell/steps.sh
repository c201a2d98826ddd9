# Windows PowerShell 5.1 is refused where there is none.
start-job --ps-version 5.1 'x' || echo "exit $?"
get-job --json

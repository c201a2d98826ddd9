# Jobs that are piped in without a word are refused, and the hint writes PowerShell's pipeline as it is written here.
start-job --wait -- true
get-job | wait-job || echo "exit $?"
start-job -o id -- true | receive-job --wait || echo "exit $?"
get-job -o id | wait-job - -o id

# Jobs are found by a part of their command, whatever its case.
start-job -o id -- true
start-job -o id -- sleep 0
get-job --command '*SLEEP*' -o id

# suspend-job --force cuts off the step that runs; when the workflow is resumed, that step runs again.
start-job -o id --definition-name Release
eventually sh -c 'receive-job 1 --keep | grep -q begins'
suspend-job 1 --force -o id
get-job 1 --json | show state reason
touch definitions/go
resume-job 1 -o id
wait-job 1 --force -o id
get-job 1 --include-child-job --json | show name state
receive-job 1

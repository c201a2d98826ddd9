# A workflow without checkpoints warns when it is made, and cannot be suspended but by force; resumed, it begins again.
start-job -o id --definition-name Release
eventually sh -c 'receive-job 1 --keep | grep -q begins'
suspend-job 1 -o id || echo "exit $?"
get-job 1 --json | show state
suspend-job 1 --force -o id
get-job 1 --json | show state reason
touch definitions/go
resume-job 1 -o id
wait-job 1 --force -o id
get-job 1 --json | show state

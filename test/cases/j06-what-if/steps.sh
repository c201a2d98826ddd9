# --what-if prints one line a target, changes nothing and ends with 0; it asks nobody, and checks all the same.
start-job --what-if -- echo hi
start-job --what-if --working-directory /nope true || echo "exit $?"
start-job --what-if --definition-name N
start-job --what-if --definition-name Unknown || echo "exit $?"
start-job -o id --name one 'until [ -e go ]; do sleep 0.05; done'
start-job -o id --name two 'until [ -e go ]; do sleep 0.05; done'
suspend-job one two --what-if --confirm -o id
resume-job one --what-if -o id
debug-job one --what-if
debug-job nobody --what-if || echo "exit $?"
stop-job one two nobody --what-if || echo "exit $?"
remove-job one --force --what-if
remove-job two --what-if || echo "exit $?"
get-job --json | show id state

# receive-job --wait returns at a suspended workflow with what there is; with --force it waits for the end.
start-job -o id --definition-name Release
receive-job 1 --wait
get-job 1 --json | show state
receive-job 1 --wait --force > rest &
resume-job 1 -o id
wait $!
cat rest
get-job 1 --json | show state

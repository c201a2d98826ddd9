# receive-job --wait returns at a suspended job with what there is; with --force it waits for the end.
start-job -o id 'echo early; until [ -e go ]; do sleep 0.05; done; echo late'
eventually sh -c 'receive-job 1 --keep | grep -q early'
suspend-job 1 -o id
receive-job 1 --wait
receive-job 1 --wait --force > rest &
touch go
get-job 1 --json | show state
resume-job 1 -o id
wait $!
cat rest
get-job 1 --json | show state

# Two resume-job calls at the same moment let a job go on once.
start-job -o id 'echo before; until [ -e go ]; do sleep 0.05; done; echo after'
eventually sh -c 'receive-job 1 --keep | grep -q before'
suspend-job 1 -o id
resume-job 1 -o id > one 2> said-one &
first=$!
resume-job 1 -o id > two 2> said-two &
second=$!
wait $first
wait $second
cat one two
touch go
receive-job 1 --wait
get-job 1 --json | show state

# Two resume-job calls at the same moment let a workflow go on once: each step runs once.
start-job -o id --definition-name Release
wait-job 1 -o id 2> warning
resume-job 1 -o id > one 2> said-one &
first=$!
resume-job 1 -o id > two 2> said-two &
second=$!
wait $first
wait $second
cat one two
wait-job 1 --force -o id
cat definitions/log
get-job 1 --include-child-job --json | show name state

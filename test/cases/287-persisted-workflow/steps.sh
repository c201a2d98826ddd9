# A suspended workflow that is kept is listed with its steps, under the ids that it had, and goes on when it is resumed.
start-job --definition-name Release --persist --json | show instanceId > before
wait-job 1 -o id 2> warning
get-job 1 --json | show instanceId | cmp - before
get-job 1 --include-child-job --json | show id name state origin.kind
resume-job 1 -o id
wait-job 1 --force -o id
get-job 1 --json | show instanceId | cmp - before
get-job 1 --include-child-job --json | show id name state origin.kind

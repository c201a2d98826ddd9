# --include-child-job lists each parent with its children, --tree shows them below it.
start-job --wait true
start-job --wait --name Other 'exit 3' || true
get-job --include-child-job
get-job Other --tree
get-job 3 --include-child-job --child-job-state Failed -o id
get-job 3 --include-child-job --child-job-state Completed -o id

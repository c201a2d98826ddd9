# A child may be suspended by its own id; its parent is Suspended with it, and resuming the parent lets it go on.
start-job -o id 'until [ -e go ]; do sleep 0.05; done'
suspend-job 2 -o id
get-job 1 --include-child-job --json | show id state
resume-job 1 -o id
get-job 1 --include-child-job --json | show id state

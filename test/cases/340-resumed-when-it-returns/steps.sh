# resume-job of one job prints it Running.
start-job -o id 'until [ -e go ]; do sleep 0.05; done'
suspend-job 1 --json | show state
resume-job 1 --json | show state

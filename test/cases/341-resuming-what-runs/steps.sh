# resume-job leaves a running job and a finished one as they are, each with a warning.
start-job -o id 'until [ -e go ]; do sleep 0.05; done'
start-job --wait true
resume-job 1 3 -o id
get-job --json | show state

# A running job is found neither by --before nor by --after.
start-job -o id 'until [ -e go ]; do sleep 0.05; done'
get-job --before 2099-01-01 --json
get-job --after 2000-01-01 --json
get-job 1 --after 2000-01-01 --json

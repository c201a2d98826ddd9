# suspend-job --what-if says nothing of a job that is suspended already, and prints no table.
start-job -o id 'until [ -e go ]; do sleep 0.05; done'
suspend-job 1 --what-if
suspend-job 1 -o id
suspend-job 1 --what-if
suspend-job 1 --what-if -o id
resume-job 1 --what-if
get-job 1 --json | show state

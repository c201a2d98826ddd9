# A job that is meant by its own id and by its child's is suspended and resumed once, without a warning.
start-job -o id 'until [ -e go ]; do sleep 0.05; done'
suspend-job 1 2 | awk '{ print $1, $4 }'
resume-job 1 2 | awk '{ print $1, $4 }'
: > go
wait-job 1 -o id

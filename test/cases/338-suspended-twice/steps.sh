# suspend-job of a suspended job does nothing and says nothing.
start-job -o id 'until [ -e go ]; do sleep 0.05; done'
suspend-job 1 -o id
suspend-job 1 -o id
get-job 1 --json | show state

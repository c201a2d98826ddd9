# A suspended job ends its wait: it is printed, with one warning that names --force.
start-job -o id 'until [ -e go ]; do sleep 0.05; done'
suspend-job 1 -o id
wait-job 1

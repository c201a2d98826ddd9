# What cannot be found is told, the others are suspended and resumed.
start-job -o id --name A 'until [ -e go ]; do sleep 0.05; done'
start-job -o id --name B 'until [ -e go ]; do sleep 0.05; done'
suspend-job A 99 B -o id || echo "exit $?"
get-job --state Suspended -o id
resume-job --state Suspended -o id
resume-job nobody || echo "exit $?"
suspend-job || echo "exit $?"

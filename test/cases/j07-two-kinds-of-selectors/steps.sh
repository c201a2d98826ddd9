# Different selectors exclude each other; get-job takes state and command beside a name.
start-job --wait --name A -- true
get-job --id 1 --name A || echo "exit $?"
get-job --name A --state Completed -o id
get-job --name A --state Failed -o id
stop-job --name A --state Completed || echo "exit $?"

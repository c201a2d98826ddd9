# remove-job does not search the names of children.
start-job --wait -- true
remove-job --name Job2 || echo "exit $?"
get-job 2 -o id

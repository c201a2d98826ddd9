# With -o json an error is one object that names its code.
start-job -o json --working-directory /nope -- true || echo "exit $?"
get-job -o json

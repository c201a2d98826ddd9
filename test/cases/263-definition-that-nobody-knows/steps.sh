# A name that no type knows is one error that names it and the folder, and nothing is started.
start-job --definition-name Nope || echo "exit $?"
get-job -o json

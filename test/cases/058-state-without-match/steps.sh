# A state that no job is in is no error; a state that does not exist is.
get-job --state Blocked --json
get-job --state Blokced --json || echo "exit $?"

# A variable that is not set is empty in a text.
start-job 'echo "[$no_such_variable]"' --wait

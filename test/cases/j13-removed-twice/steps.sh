# A job that was removed is not found any more, and its id is not given again.
start-job --wait -- true
remove-job 1
remove-job 1 || echo "exit $?"
start-job -o id -- true

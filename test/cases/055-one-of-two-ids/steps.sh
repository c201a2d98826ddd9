# An id that does not exist is an error; the other job is printed all the same.
start-job -o id -- true
get-job --id 1,99 --json > found || echo "exit $?"
show id < found

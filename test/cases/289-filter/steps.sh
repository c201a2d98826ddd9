# A filter matches without regard to case, in key and value.
start-job -o id --name a1 -- true
start-job -o id --name b2 -- true
get-job --filter NAME=B2 -o id
get-job --filter location=LOCALHOST -o id
get-job --filter colour=red || echo "exit $?"

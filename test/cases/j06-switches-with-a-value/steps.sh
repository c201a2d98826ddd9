# A switch may be set to true or false.
start-job --wait=true -- echo x
receive-job 1 --keep=false --from start
start-job -o id --wait=false -- true
receive-job 1 --keep=maybe || echo "exit $?"

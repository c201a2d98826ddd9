# A kept run is received once per session store.
mkdir -m 700 one two
export NIGHTSHIFT_RUNTIME_DIR=$PWD/one
start-job --definition-name N --persist -o id
wait-job 1 -o id
receive-job 1
receive-job 1
NIGHTSHIFT_RUNTIME_DIR=$PWD/two receive-job 1

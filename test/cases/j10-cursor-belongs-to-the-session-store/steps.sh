# With a new session store a kept run is received again.
mkdir -m 700 one two
export NIGHTSHIFT_RUNTIME_DIR=$PWD/one
start-job --persist --wait -- echo x
receive-job 1
NIGHTSHIFT_RUNTIME_DIR=$PWD/two
receive-job 1
receive-job 1

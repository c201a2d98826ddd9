# With the session store the job and its results go; the definition stays.
mkdir -m 700 session
export NIGHTSHIFT_RUNTIME_DIR=$PWD/session
start-job --definition-name N --wait
rm -r session
mkdir -m 700 session
get-job -o json
receive-job 1 || echo "exit $?"
ls definitions

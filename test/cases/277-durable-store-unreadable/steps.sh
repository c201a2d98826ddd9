# When the durable store cannot be read, jobs of the session store are printed all the same, and nothing is touched.
start-job --name X --wait -- true
echo 'this is no database' > "$NIGHTSHIFT_STATE_DIR/jobs.db"
get-job --name X -o id || echo "exit $?"
cat "$NIGHTSHIFT_STATE_DIR/jobs.db"

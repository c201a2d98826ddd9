# Only --persist leaves something under output.
start-job --wait -- true
ls "$NIGHTSHIFT_STATE_DIR/output" 2> /dev/null || echo nothing kept
start-job --wait --persist -- echo kept
ls "$NIGHTSHIFT_STATE_DIR/output/_" | grep -cE '^[0-9]{8}-[0-9]{6}-[0-9]{3}-[0-9a-f]{8}$'
cat "$NIGHTSHIFT_STATE_DIR"/output/_/*/1/stdout
get-job -o id

# A definition started by name runs at once and leaves nothing under output.
start-job --definition-name N -o id
get-job -o json | show id state
ls "$NIGHTSHIFT_STATE_DIR/output" 2> /dev/null || echo nothing kept
touch definitions/go
wait-job 1 -o id

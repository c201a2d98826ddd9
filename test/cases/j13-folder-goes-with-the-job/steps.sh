# Removing a job removes everything it wrote.
start-job --wait -- echo x
start-job --persist --wait -- echo y
remove-job 1 3
grep -rlE --exclude-dir=cache '^[xy]$' "$NIGHTSHIFT_STATE_DIR" || echo nothing left

# A store that is no database is left as it is, the other one works, and the message names doctor.
start-job --persist --wait -- echo hi
printf garbage > "$NIGHTSHIFT_STATE_DIR/jobs.db"
get-job 1 || echo "exit $?"
get-job 1 -o json > nothing || echo "exit $?"
start-job --persist -- touch ran || echo "exit $?"
cat "$NIGHTSHIFT_STATE_DIR/jobs.db"; echo
start-job -o json -- echo here | show state
nightshift doctor --repair > nothing
receive-job 1 --from start

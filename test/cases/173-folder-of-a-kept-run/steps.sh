# A kept run of a definition has one folder under output, with one for its attempt; the definition stays where it is.
start-job --definition-name P --persist --wait
cd "$NIGHTSHIFT_STATE_DIR/output"
ls */P | grep -cE '^[0-9]{8}-[0-9]{6}-[0-9]{3}-[0-9a-f]{8}$'
cat */P/*/1/stdout
ls -d */P | grep -cE '^[0-9a-f]{8}/P$'
ls "$OLDPWD/definitions"

# A configuration that others may write is refused, trusted or not.
chmod 666 nightshift.yaml
start-job --definition-name N || echo "exit $?"
NIGHTSHIFT_TRUST=1 start-job --definition-name N || echo "exit $?"
nightshift validate || echo "exit $?"
mv nightshift.yaml mine.yaml
start-job --definition-name N --config mine.yaml || echo "exit $?"
start-job --definition-name N --config mine.yaml -o json || echo "exit $?"
chmod 602 mine.yaml
start-job --definition-name N --config mine.yaml || echo "exit $?"
get-job -o json

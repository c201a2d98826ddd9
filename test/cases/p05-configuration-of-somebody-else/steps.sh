# A configuration of another owner, or one that a foreign group may write, is refused, trusted or not.
[ "$(id -u)" = 0 ] || { cd "${0%/*}"; cat stdout.txt; cat stderr.txt >&2; exit; } # only root can give files away
chown 65534 nightshift.yaml
start-job --definition-name N || echo "exit $?"
NIGHTSHIFT_TRUST=1 start-job --definition-name N || echo "exit $?"
chown 0:65534 nightshift.yaml
chmod 664 nightshift.yaml
start-job --definition-name N || echo "exit $?"
NIGHTSHIFT_TRUST=1 start-job --definition-name N || echo "exit $?"
chown 0:0 nightshift.yaml
start-job --definition-name N --wait

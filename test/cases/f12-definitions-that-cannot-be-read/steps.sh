# What may not be read is named with the reason; other definitions work.
as_a_user=
[ "$(id -u)" != 0 ] || as_a_user='setpriv --bounding-set=-dac_override,-dac_read_search' # root reads everything
chmod 000 definitions/Closed.yaml
$as_a_user nightshift validate definitions || echo "exit $?"
$as_a_user start-job --definition-name Closed || echo "exit $?"
$as_a_user start-job --definition-name Open --wait
chmod 000 definitions
$as_a_user nightshift validate || echo "exit $?"
$as_a_user start-job --definition-name Open || echo "exit $?"
$as_a_user start-job --definition-name Open -o json || echo "exit $?"
chmod 700 definitions
$as_a_user start-job --definition-name Open --definition-path definitions/Open.yaml || echo "exit $?"

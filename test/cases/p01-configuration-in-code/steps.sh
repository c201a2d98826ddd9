# A configuration in a code format is ignored with a warning and never runs; named explicitly it is refused.
start-job --definition-name N --wait
start-job --definition-name N --config nightshift.config.js || echo "exit $?"
NIGHTSHIFT_CONFIG=nightshift.config.js start-job --definition-name N || echo "exit $?"
get-job -o id
ls ran 2> nothing || echo 'never ran'

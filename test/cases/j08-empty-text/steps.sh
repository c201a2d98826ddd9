# An empty text, and nothing after the dashes, are refused.
start-job '' || echo "exit $?"
start-job --script-block '' || echo "exit $?"
start-job -- || echo "exit $?"
get-job -o json

# An option without its value is refused.
start-job --name || echo "exit $?"
get-job --id || echo "exit $?"

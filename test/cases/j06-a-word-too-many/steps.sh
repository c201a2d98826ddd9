# A word too many is refused.
start-job 'echo a' 'echo b' || echo "exit $?"
get-job -o json

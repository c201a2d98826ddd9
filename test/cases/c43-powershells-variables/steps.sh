# -OutVariable and its kind are refused with a hint, and nothing is started.
start-job -OutVariable x -- true || echo "exit $?"
get-job -ErrorVariable x || echo "exit $?"
get-job -o json

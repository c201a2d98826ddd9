# A name that nobody has is an error.
get-job Nobody || echo "exit $?"
wait-job Nobody || echo "exit $?"

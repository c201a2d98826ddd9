# A type that no plugin offers is named.
start-job --definition-name N || echo "exit $?"
nightshift validate definitions > printed 2> errors || echo "exit $?"
cat printed
grep -o 'JobTypeNotInstalled' errors
get-job -o json

# A definition without job is invalid.
start-job --definition-name N || echo "exit $?"
get-job -o json

# Words after the dashes are no arguments of a definition.
start-job --definition-name X --argument-list 1 || echo "exit $?"
start-job --definition-name X -- 1 || echo "exit $?"
get-job -o json

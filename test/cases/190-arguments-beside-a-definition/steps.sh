# Arguments, a name or a shell beside a definition are refused, and nothing is started.
start-job --definition-name N --argument-list 1 || echo "exit $?"
start-job --definition-name N --name X || echo "exit $?"
start-job --definition-name N --shell bash || echo "exit $?"
start-job --definition-name N --env A=1 || echo "exit $?"
get-job -o json

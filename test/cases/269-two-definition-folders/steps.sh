# A pattern for the folder must match exactly one.
start-job --definition-path 'd*' --definition-name N || echo "exit $?"
start-job --definition-path 'e*' --definition-name N || echo "exit $?"
start-job --definition-path 'd1*' --definition-name N --wait
start-job --definition-path https://example.com/d --definition-name N || echo "exit $?"
start-job --definition-path nope --definition-name N || echo "exit $?"

# Flags that exclude each other, and values that no flag takes, are refused before there is a job.
start-job --runtime node --shell sh true || echo "exit $?"
start-job --input-object - --input-object x cat < /dev/null || echo "exit $?"
start-job --input-object x --input-object - cat < /dev/null || echo "exit $?"
start-job --output-format xml true || echo "exit $?"
start-job --timeout 5 true || echo "exit $?"
start-job --grace-period=-1s true || echo "exit $?"
start-job --argument-list a -- echo || echo "exit $?"
start-job --authentication Magic true || echo "exit $?"
get-job --json

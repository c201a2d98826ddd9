# A blank or empty working directory is refused.
start-job --working-directory ' ' -- true || echo "exit $?"
start-job --working-directory '' -- true || echo "exit $?"
get-job --json

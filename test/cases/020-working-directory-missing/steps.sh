# A working directory that is missing, or a file, is refused before there is a job.
start-job --working-directory /nope -- true || echo "exit $?"
start-job --working-directory a-file -- true || echo "exit $?"
get-job --json

# --run-as32 is refused before anything else is looked at.
start-job --run-as32 -- true || echo "exit $?"
start-job --run-as32 --working-directory /nope -- true || echo "exit $?"
start-job --working-directory /nope --timeout nonsense --run-as32 || echo "exit $?"
get-job --json

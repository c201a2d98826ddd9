# A program that is not there is Failed (spawn) behind an initialization script as without it.
start-job --initialization-script 'PATH=/nowhere' --wait -- no-such-program || echo "exit $?"
start-job --initialization-script 'exit 127' --wait -- no-such-program || echo "exit $?"
get-job 1 3 -o json | show reason exitCode statusMessage

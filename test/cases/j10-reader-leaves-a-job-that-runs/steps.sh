# A reader that leaves start-job --wait ends it quietly with exit 0, while the job goes on to an exit code of its own.
{ start-job --wait 'until [ -e go ]; do echo line; sleep 0.05; done; exit 7'; echo "exit $?" > status; } | head -1
cat status
: > go
wait-job 1 -o json | show state exitCode

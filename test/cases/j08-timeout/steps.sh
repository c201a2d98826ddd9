# A job that runs longer than its timeout is Failed, and says how long it was given.
start-job -o id --timeout 200ms 'echo early; until [ -e go ]; do sleep 0.05; done'
wait-job 1 --json | show state reason exitCode signal statusMessage
receive-job 1
start-job --timeout 1h --wait 'echo in time'

# An initialization script that writes an error fails a scheduled run, in any language, and the body does not run; on demand it may.
nightshift scheduler run --once 2> log
get-job -o json | show name state reason exitCode
receive-job Shell
set-scheduled-job Node,Program,Python --run-now
wait-job Node Program Python -o json | show name state statusMessage
start-job --definition-name Shell --wait 2> /dev/null
set-scheduled-job Quiet --run-now; receive-job Quiet --wait

# --success-exit-codes says which exit codes mean Completed, in place of 0.
start-job -o id --success-exit-codes 0,3 'exit 3'
start-job -o id --success-exit-codes 3 'exit 0'
start-job -o id --success-exit-codes 0 --success-exit-codes 255 -- sh -c 'exit 255'
wait-job 1 3 5 --json | show id state reason exitCode
start-job --success-exit-codes 3 --wait 'exit 3' || echo "exit $?"
start-job --success-exit-codes 256 true || echo "exit $?"
start-job --success-exit-codes -1 true || echo "exit $?"
start-job --success-exit-codes three true || echo "exit $?"

# --auto-remove-job without --wait is refused, and nothing is read or removed.
start-job --wait 'echo x' > printed
receive-job 1 --auto-remove-job || echo "exit $?"
receive-job 1 --from start --auto-remove-job || echo "exit $?"
get-job -o id

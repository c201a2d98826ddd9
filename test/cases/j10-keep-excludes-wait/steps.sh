# --keep and --wait exclude each other and nothing is read; --keep and --follow go together.
start-job -o id -- echo x
receive-job 1 --keep --wait || echo "exit $?"
receive-job 1 --wait --keep || echo "exit $?"
receive-job 1 --keep --follow
receive-job 1

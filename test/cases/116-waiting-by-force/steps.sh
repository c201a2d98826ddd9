# wait-job --force returns only when a suspended job has been resumed and has ended, without a warning.
start-job -o id 'until [ -e go ]; do sleep 0.05; done'
suspend-job 1 -o id
wait-job 1 --force --json > waited &
wait-job 1 --force --timeout 300ms || echo "exit $?"
touch go
resume-job 1 -o id
wait $!
show state < waited

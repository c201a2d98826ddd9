# A suspended job stands still, and goes on where it was; what it wrote before can be received meanwhile.
start-job -o id 'echo before; until [ -e go ]; do sleep 0.05; done; echo after'
eventually sh -c 'receive-job 1 --keep | grep -q before'
suspend-job 1
touch go
receive-job 1
wait-job 1 --force --timeout 300ms || echo "exit $?"
resume-job 1 -o id
receive-job 1 --wait

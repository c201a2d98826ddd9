# A timeout needs a unit; a very long one does not fire early.
start-job -o id 'until [ -e go ]; do sleep 0.05; done'
for timeout in -5 abc 1y 90; do wait-job 1 --timeout $timeout || echo "exit $?"; done
wait-job 1 --timeout 9999d -o id &
eventually sh -c "! wait-job 1 --timeout 300ms"
kill -0 $! && echo still waiting
touch go
wait $!

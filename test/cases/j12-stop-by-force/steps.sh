# With --force a job gets no SIGTERM.
start-job -o id "trap 'echo tidied up; exit 3' TERM; echo ready; while :; do sleep 0.05; done 2> /dev/null"
eventually sh -c 'receive-job 1 --keep | grep ready'
stop-job 1 --force
receive-job 1
get-job 1 -o json | show state reason

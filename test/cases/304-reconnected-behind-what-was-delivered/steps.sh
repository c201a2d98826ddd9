# a job whose connection was lost is received from the first record on that was not delivered
computers web1
invoke-command --computer-name web1 --as-job -o id "seq 8; until [ -e '$PWD/go' ]; do sleep 0.05; done; seq 9 60"
eventually sh -c '[ "$(receive-job 1 --keep | tail -1)" = 8 ]'
receive-job 1
disconnect web1
eventually sh -c '[ "$(get-job 1 -o json | show state)" = Disconnected ]'
get-job 1 --include-child-job -o json | show id state location
touch go
receive-job 1 --wait | tr '\n' ' '
get-job 1 --include-child-job -o json | show id state

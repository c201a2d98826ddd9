# a job with a child out of reach and a child that is Completed is Disconnected itself
computers web1 web2
invoke-command --computer-name web1,web2 --as-job -o id "echo up; [ \${HOME##*/} = web2 ] || until [ -e '$PWD/go' ]; do sleep 0.05; done"
eventually sh -c '[ "$(receive-job 1 --keep | grep -c up)" = 2 ] && [ "$(get-job 3 -o json | show state)" = Completed ]'
disconnect web1
eventually sh -c '[ "$(get-job 1 -o json | show state)" = Disconnected ]'
get-job 1 --include-child-job -o json | show id state location
touch go
wait-job 1 --force -o json | show id state

# who stops a job on two computers stops it on both, to the last process
computers web1 web2
invoke-command --computer-name web1,web2 --as-job -o id 'echo $$; sleep 600 & echo $!; wait'
eventually sh -c '[ "$(receive-job 1 --keep | grep -c .)" = 4 ]'
pids=$(receive-job 1)
stop-job 1
get-job 1 --include-child-job -o json | show id state location
eventually gone $pids

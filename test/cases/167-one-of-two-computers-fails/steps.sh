# a job on two computers, of which the first fails: it has failed for the reason of that one, and the other's results are there
computers web1 web2
invoke-command --computer-name web1,web2 --as-job -o id '[ "${HOME##*/}" = web2 ] || { echo "no room" >&2; exit 3; }; echo done'
wait-job 1 -o id
get-job 1 --include-child-job -o json | show id state location reason exitCode
receive-job 1
receive-job 1

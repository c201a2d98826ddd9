# of a job on two computers --child-job-state Failed adds the child that has failed
computers web1 web2
invoke-command --computer-name web1,web2 --as-job -o id '[ "${HOME##*/}" = web2 ]'
wait-job 1 -o id
get-job 1 --child-job-state Failed -o json | show id type state location reason exitCode

# the command of a job on computers and of its children is one text
computers web1 web2
invoke-command --computer-name web1,web2 --as-job -o id ' echo   "up" | cat'
wait-job 1 -o id
get-job 1 --include-child-job -o json | show id command

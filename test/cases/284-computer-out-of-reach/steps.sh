# a computer that cannot be reached makes its child Failed (spawn), the others go on
computers web1
invoke-command --computer-name gone,web1,locked --as-job -o id 'echo up'
wait-job 1 -o id
get-job 1 --include-child-job -o json | show id state reason location
get-job 2 4 -o json | show statusMessage
receive-job 1

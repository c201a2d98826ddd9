# a job that a command starts over there is a job of that computer, and none of this one
computers web1
invoke-command --computer-name web1 'start-job --name There -o id -- true; wait-job There -o json | show name type state location'
get-job

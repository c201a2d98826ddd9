# a job that a command has started over there goes on when the connection has ended
computers web1
invoke-command --computer-name web1 "start-job --name There -o id 'until [ -e $PWD/go ]; do sleep 0.05; done; echo done'"
invoke-command --computer-name web1 'get-job There -o json | show name state'
touch go
invoke-command --computer-name web1 'receive-job There --wait'

# --follow prints until the job has ended.
start-job -o id 'echo a; until [ -e go ]; do sleep 0.05; done; echo b'
receive-job 1 --follow > followed &
eventually grep -x a followed
touch go
wait $!
cat followed

# What was seen with --keep is the beginning of what is received later.
start-job -o id 'echo one; echo two; until [ -e go ]; do sleep 0.05; done; echo three'
eventually sh -c 'receive-job 1 --keep > first; grep -q two first'
touch go
wait-job 1 -o id
cat first
echo --
receive-job 1

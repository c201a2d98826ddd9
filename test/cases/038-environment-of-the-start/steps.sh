# A job sees the exported variables of its caller as they were at the start.
export A='one  two' B='$x `y` "z"'
start-job -o id 'until [ -e go ]; do sleep 0.05; done; printenv A B'
export A=changed B=changed
touch go
receive-job 1 --wait

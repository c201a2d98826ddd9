# --newest lists those that ended last, in ascending order of id.
start-job -o id 'until [ -e go ]; do sleep 0.05; done'
for n in 2 3 4 5; do start-job --wait -- true; done
touch go
wait-job 1 -o id
get-job --newest 2 -o id

# --any ends with the first job that is finished.
start-job -o id 'until [ -e go ]; do sleep 0.05; done'
start-job -o id -- true
wait-job 1 3 --any --timeout 20s -o id
wait-job 3 --any -o id

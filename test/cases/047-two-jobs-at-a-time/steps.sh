# Two jobs run at the same time: each waits for what the other does.
start-job -o id 'touch a; until [ -e b ]; do sleep 0.05; done'; start-job -o id 'touch b; until [ -e a ]; do sleep 0.05; done'
wait-job 1 3 --timeout 20s -o json | show id state

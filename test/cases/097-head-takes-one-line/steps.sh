# A reader that leaves after one line moves no cursor: everything is there at the next receive.
start-job -o id 'seq 1 100000'
wait-job 1 -o id
receive-job 1 | head -1
receive-job 1 > all
seq 1 100000 | cmp - all && echo everything
receive-job 1

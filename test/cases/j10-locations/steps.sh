# --location takes the children there, in any case of letters; of another place there is nothing, and no complaint.
start-job -o id 'echo x'
wait-job 1 -o id
receive-job 1 --location Server01
receive-job 1 --location Server01,LOCALHOST

# --computer-name takes the children there, in any case of letters; of another name there is nothing.
start-job -o id 'echo x'
wait-job 1 -o id
receive-job 1 --computer-name elsewhere
receive-job 1 --computer-name elsewhere,LocalHost

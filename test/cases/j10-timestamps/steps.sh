# --timestamps begins each line with the time at which a follower saw it; of what was not seen being written it knows none.
start-job -o id 'echo x'
receive-job 1 --follow --keep --timestamps
receive-job 1 --timestamps

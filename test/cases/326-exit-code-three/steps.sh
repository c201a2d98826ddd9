# A command that exits with another code than 0 fails its job.
start-job -o id 'exit 3'
wait-job 1 -o json | show state reason exitCode signal

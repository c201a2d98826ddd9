# A child is found by its own name.
start-job -o id -- true
get-job --name Job2 --json | show id name type origin childJobs

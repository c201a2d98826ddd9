# suspend-job leaves a completed job as it is, with one warning.
start-job --wait true
suspend-job 1 -o id
get-job 1 --json | show state

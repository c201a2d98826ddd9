# stop-job on a completed job is no error.
start-job --wait -- true
stop-job 1 2> note
get-job 1 -o json | show state reason

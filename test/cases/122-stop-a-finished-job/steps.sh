# A finished job is not changed by stop-job, and printed with --pass-thru.
start-job --wait -- true
get-job 1 -o json > before
stop-job 1
get-job 1 -o json | cmp - before && echo unchanged
stop-job 1 --pass-thru -o json | show id state

# Unregistered are the file, the runs with their output, and the history; other definitions and their runs stay.
set-scheduled-job A,B --run-now
wait-job 1 3 -o id
unregister-scheduled-job A
get-job --all -o json | show id name
ls definitions "$NIGHTSHIFT_STATE_DIR"/output/*
register-scheduled-job A 'echo another' -o id

# Another name takes file, runs, history and output folder along; the old one is free, and runs keep the name they ran under.
set-scheduled-job A --run-now
wait-job 1 -o id
set-scheduled-job A --new-name B --pass-thru
ls definitions "$NIGHTSHIFT_STATE_DIR"/output/*
get-job -o json | show id name definition.name
receive-job 1
register-scheduled-job A 'echo again' -o id
set-scheduled-job A --new-name b || echo "exit $?"
set-scheduled-job A --new-name b --what-if || echo "exit $?"
set-scheduled-job A --new-name 'C D' || echo "exit $?"
set-scheduled-job '*' --new-name C || echo "exit $?"
set-scheduled-job A --new-name a; ls definitions
set-scheduled-job B --clear-execution-history; get-job --all

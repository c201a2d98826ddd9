# With --what-if every byte of file and store stays, and the runs are listed.
set-scheduled-job N --run-now
wait-job 1 -o id
sums() { (find definitions "$NIGHTSHIFT_STATE_DIR" -path '*/cache' -prune -o -type f -print | sort | xargs cksum; find definitions "$NIGHTSHIFT_STATE_DIR" -path '*/cache' -prune -o -printf '%p %T@\n' | sort); }
sums > before
unregister-scheduled-job N --what-if
unregister-scheduled-job '*' --force --what-if
set-scheduled-job N --new-name M --what-if
set-scheduled-job N --run-now --description new --what-if
set-scheduled-job N --clear-execution-history --what-if
enable-scheduled-job N --what-if
disable-scheduled-job N --what-if
register-scheduled-job M 'x' --run-now --what-if
sums > after
cmp before after
get-job -o json | show id state

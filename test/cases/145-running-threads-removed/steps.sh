# remove-job by force returns when both running thread jobs are stopped and gone
for n in 1 2; do start-thread-job -o id 'await new Promise((done) => signal.addEventListener("abort", done))'; done
remove-job 1 2 --force
get-job --all -o json

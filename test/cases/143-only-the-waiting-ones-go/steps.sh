# remove-job by state and force takes the waiting thread jobs only; without force each is an error
for n in 1 2 3; do start-thread-job --throttle-limit 1 -o id 'await new Promise((done) => signal.addEventListener("abort", done))'; done
remove-job --state NotStarted || echo "code $?"
remove-job --state NotStarted --force
get-job -o id
stop-job 1

# the places of removed thread jobs are used by those that wait: never more than two run, and none is lost
for n in 1 2 3 4; do start-thread-job --throttle-limit 2 -o id 'await new Promise((done) => signal.addEventListener("abort", done))' >> ids; done
get-job --state Running -o id
remove-job 1 2 --force
eventually sh -c 'test "$(get-job --state Running -o id | wc -l)" = 2'
get-job -o id
stop-job 3 4

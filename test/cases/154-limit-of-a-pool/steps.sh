# a new limit holds for the jobs that wait in its pool already, and for no other pool
hold='await new Promise((done) => signal.addEventListener("abort", done))'
for n in 1 2 3; do start-thread-job --throttle-limit 2 -o id "$hold"; done
for n in 4 5; do start-thread-job --pool other --throttle-limit 1 -o id "$hold"; done
get-job --state NotStarted -o id
start-thread-job --throttle-limit 10 -o id "$hold"
eventually sh -c 'get-job 3 -o json | grep -q Running'
get-job --state NotStarted -o id
stop-job '*'

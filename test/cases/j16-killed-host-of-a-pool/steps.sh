# a thread job that waits when the host of its pool is killed is run by another one: whoever looks starts it
start-thread-job -o id --throttle-limit 1 'console.log(process.pid); await new Promise(() => setTimeout(() => {}, 600000))' > first
start-thread-job -o id 'return "second"' > second
until receive-job "$(cat first)" > pid && test -s pid; do sleep 0.05; done
kill -9 "$(cat pid)"
wait-job "$(cat second)" --timeout 30s -o json | show state
get-job "$(cat first)" -o json | show state reason
receive-job "$(cat second)"

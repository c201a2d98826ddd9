# what is wrong with a start of a thread job is said before there is a job
start-thread-job || echo "code $?"
start-thread-job 'return 1' --throttle-limit 0 || echo "code $?"
start-thread-job 'return 1' --pool 'a b' || echo "code $?"
start-thread-job 'return 1' --file-path x.mjs || echo "code $?"
touch notes.txt
start-thread-job --file-path notes.txt || echo "code $?"
start-thread-job --file-path nope.mjs || echo "code $?"
start-thread-job 'return 1' --shell sh || echo "code $?"
get-job --json

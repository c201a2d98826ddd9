# five thread jobs run at a time until somebody says otherwise
for n in 1 2 3 4 5 6; do start-thread-job -o id 'await new Promise((done) => signal.addEventListener("abort", done))' >> ids; done
get-job --state Running -o id | wc -l
get-job 6 -o json | show state
stop-job '*'

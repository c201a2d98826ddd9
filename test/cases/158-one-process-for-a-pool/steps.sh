# all thread jobs of a pool run in one process
start-thread-job --wait 'return process.pid' > first
start-thread-job --wait 'return process.pid' > second
start-thread-job --wait --pool other 'return process.pid' > third
cmp first second && cmp -s first third || echo another

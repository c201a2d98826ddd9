# a thread job finds itself in the folder of its start
mkdir D && cd D
start-thread-job --wait 'return process.cwd()'
start-thread-job --wait --working-directory .. 'return process.cwd()'
start-thread-job --working-directory nope 'return 1' || echo "code $?"

# an endless loop in a thread is ended by force
start-thread-job -o id 'console.log("on its way"); for (;;);'
eventually sh -c 'receive-job 1 --keep | grep "on its way"'
stop-job 1 --force --pass-thru -o json | show state reason
receive-job 1

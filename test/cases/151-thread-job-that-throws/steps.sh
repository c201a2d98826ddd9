# a thrown error makes a thread job Failed, with its message as it is
start-thread-job -o id 'throw new Error("boom")'
wait-job 1 -o json | show state reason statusMessage exitCode
start-thread-job --wait 'let x = ;' || echo "code $?"
get-job 2 -o json | show state reason
start-thread-job --wait 'process.exit(3)' || echo "code $?"
start-thread-job --wait --initialization-script 'throw new Error("too early")' 'console.log("never")' || echo "code $?"

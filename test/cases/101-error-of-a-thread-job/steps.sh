# what a thread job throws is one Error record, exactly its message
start-thread-job -o id 'throw new Error("MyError")'
wait-job 1 -o id
receive-job 1 -o jsonl | sed 's/"time":"[^"]*"/"time":"…"/'
receive-job 1

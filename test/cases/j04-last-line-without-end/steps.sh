# A last line without an end counts, and CR LF is one line end.
start-job -o id "printf 'a\r\nb\n\nc'"
wait-job 1 -o id
receive-job 1 -o jsonl | show seq value

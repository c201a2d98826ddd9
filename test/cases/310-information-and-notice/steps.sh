# ::information:: and ::notice:: are both records of the stream information, with their text intact.
start-job -o id 'echo "::information::a  b::c"; echo "::notice:: d "'
wait-job 1 -o id
receive-job 1 -o jsonl | show stream value

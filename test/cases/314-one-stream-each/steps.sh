# What --stream leaves out stays for a later receive.
start-job -o id 'echo ::verbose::v; echo ::information::i; echo o'
wait-job 1 -o id
receive-job 1 -o jsonl --stream verbose | show stream value
receive-job 1 -o jsonl --stream information | show stream value
receive-job 1 -o jsonl | show stream value

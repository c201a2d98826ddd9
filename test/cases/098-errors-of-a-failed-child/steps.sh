# Parent and child have one cursor; before it moves --keep prints every error, and the bytes stay until removal.
start-job -o id 'echo out; echo bad >&2; exit 3'
wait-job 1 -o id
receive-job --id 2 -o jsonl --keep --stream error | show stream value
echo -- drained
receive-job 1 > out.txt 2> err.txt
receive-job --id 2 --keep --stream error
receive-job --id 2 -o jsonl --from start --stream error | show stream value

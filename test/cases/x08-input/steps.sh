# The eighth example: a line of input names a file; received once it is drained, with --keep it comes each time.
printf 'Server01\nServer02\nServer03\nServer04\n' > servers.txt
start-job -o id --input-object servers.txt 'read f; cat "$f"'
receive-job --id 1 --wait
receive-job --name Job1 --keep
start-job -o id --input-object servers.txt 'read f; cat "$f"'
wait-job 3 -o id
receive-job --name Job3 --keep
receive-job --name Job3 --keep

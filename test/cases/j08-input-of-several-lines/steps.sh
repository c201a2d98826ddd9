# Each --input-object is one line of standard input, commas and @ included; - copies the caller's own.
start-job --input-object a,b --input-object '@file' --input-object '' --wait 'cat; echo "end: $?"'
printf 'one\ntwo without an end' | start-job -o id --input-object - 'cat'
receive-job 1 --stream error
receive-job 3 --wait | od -c | head -n 3

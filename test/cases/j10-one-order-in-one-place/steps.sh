# Where standard output and standard error end in one place, records keep their order and each has a line of its own.
start-job -o id 'echo 1; echo ::warning::2; echo 3; echo ::error::4; printf 5; echo 6 >&2'
wait-job 1 -o id
echo "in a pipe:"
receive-job 1 --keep 2>&1 | cat
echo "in a file:"
receive-job 1 > all 2>&1
cat all

# A parent has no records of its own: with --no-recurse there is nothing, and its child still has all.
start-job -o id 'echo x; echo y >&2'
receive-job 1 --wait --no-recurse
echo then
receive-job 2 --no-recurse --stream output

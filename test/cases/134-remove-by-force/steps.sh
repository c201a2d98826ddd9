# A running job is stopped and removed with --force.
start-job -o id 'echo $$; exec sleep 600'
eventually sh -c 'receive-job 1 --keep | grep . > pid'
remove-job 1 --force
get-job -o json
gone "$(cat pid)" && echo gone

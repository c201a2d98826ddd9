# After stop-job the process of the job and those it started are gone.
start-job -o id 'echo $$; sleep 600 & echo $!; wait'
eventually sh -c 'receive-job 1 --keep > pids; [ $(wc -l < pids) = 2 ]'
stop-job 1
gone $(cat pids) && echo gone

# The process of a job is gone when the job is finished.
start-job -o id 'echo $$; sleep 0.3'
pid=$(receive-job 1 --wait)
gone "$pid" && echo gone

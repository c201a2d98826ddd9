# the result of a job on a computer is received as that of any other, and the job is gone with it
computers web1
invoke-command --computer-name web1 --as-job 'echo up' -o id | receive-job - --wait --auto-remove-job
get-job

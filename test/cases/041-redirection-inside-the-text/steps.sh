# A redirection inside a text happens in the job.
start-job -o id 'echo t > out.txt'
receive-job 1 --wait
cat out.txt

# A job can itself start a job and receive it.
start-job -o id 'start-job -o id "echo inner" | receive-job - --wait' | receive-job - --wait

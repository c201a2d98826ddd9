# The ninth example: the job runs where it is told, is received, and is gone.
mkdir -p test/scripts
start-job -o id --working-directory "$PWD/test/scripts" pwd | receive-job - --auto-remove-job --wait
get-job 1

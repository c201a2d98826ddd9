# --child-job-state adds the children in that state; parents stay.
start-job -o id -- true
wait-job 1 -o id
echo Completed
get-job --child-job-state Completed -o id
echo failed, in any case
get-job --child-job-state failed --include-child-job -o id

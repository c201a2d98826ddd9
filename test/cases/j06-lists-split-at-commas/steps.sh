# Lists split at commas and may be repeated.
for n in 1 2 3; do start-job --wait -- true; done
get-job --id 1,3 --id 5 -o id
get-job --name Job1,Job5 -o id
get-job 1,5 -o id
get-job --state failed,completed -o id

# A job is listed once however many patterns match, in ascending order.
for n in 1 2; do start-job --wait -- true; done
get-job 3 1 'Job*' 3 -o id

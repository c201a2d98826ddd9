# A name with wildcards matches without regard to case.
start-job -o id -- true
start-job -o id --name Other -- true
get-job --name 'job*' -o id
get-job --name 'JOB*' -o id
get-job 'O?[a-h]er' -o id

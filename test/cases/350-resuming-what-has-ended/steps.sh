# resume-job of a completed job is a warning, and the job stays as it is.
start-job --wait true
resume-job 1 -o id
get-job 1 --json | show state exitCode

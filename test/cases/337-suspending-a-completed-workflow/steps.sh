# suspend-job and resume-job leave a completed workflow as it is, each with one warning.
start-job --definition-name Release --wait
suspend-job 1 -o id
resume-job 1 -o id
get-job 1 --json | show state

# An unknown zone is UTC with a warning; Turkish letters change nothing.
start-job --name JOB-I --wait -- true
TZ=Nope/Zone get-job 1 -o wide
LC_ALL=tr_TR.UTF-8 get-job --name job-i --state completed -o id
LC_ALL=tr_TR.UTF-8 get-job --filter TYPE=backgroundjob -o id
LC_ALL=tr_TR.UTF-8 get-job --state COMPLETED -o id
LANG=C get-job job-i -o id

# A script file runs, and the command of its job is its absolute path.
start-job --file-path s.sh -o json | show command
receive-job 1 --wait

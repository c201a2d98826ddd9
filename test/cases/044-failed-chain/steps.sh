# A chain prints in order and fails with the code of its last command.
start-job -o id 'echo a && { echo b; false; }'
receive-job 1 --wait
get-job 1 -o json | show state reason exitCode

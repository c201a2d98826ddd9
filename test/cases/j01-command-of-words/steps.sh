# The command of an argument vector is quoted as a shell would need it.
start-job -o json -- echo 'two words' "it's" '' '$x' plain | show command > command
start-job --wait "$(cat command)"
receive-job 1 --wait

# invoke-command --as-job is one job with a name, and a child on each of three computers
computers Server01 Server02 Server03
printf '%s\n' Server01 Server02 Server03 > servers.txt
invoke-command --computer-name - --job-name X --throttle-limit 16 --as-job -o json 'echo active' < servers.txt | show id name type location command
wait-job X -o id
get-job X --include-child-job -o json | show id name type state location command
receive-job X | sort

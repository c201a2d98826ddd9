# A text behind an argument list is one more argument: the complaint says so.
start-job -ArgumentList a b 'echo $1' --wait || echo "exit $?"
start-job 'echo $1' -ArgumentList a b --wait

# Before a program the initialization script hands over its exported variables and its folder.
mkdir D
start-job --initialization-script 'cd D; export A=from-init; B=not-exported' --wait -- sh -c 'pwd; echo "$A [$B] $*"' sh 'two  words' "it's"
start-job --shell bash --initialization-script 'export A=$BASH_VERSION' --wait -- sh -c 'test -n "$A" && echo bash'
get-job 1 --json | show command

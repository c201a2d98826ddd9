# An argument that begins with a dash is written with an equals sign.
start-job 'printf "<%s>" "$@"; echo' --argument-list a b,c --argument-list=-x --wait
start-job 'echo never' --argument-list a --wait -- b || echo "exit $?"

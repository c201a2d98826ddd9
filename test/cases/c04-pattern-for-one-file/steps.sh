# A pattern must match exactly one file.
start-job --file-path 'scripts/*.js' || echo "exit $?"
start-job --file-path 'scripts/*.sh' || echo "exit $?"
start-job --file-path 'scripts/o*.sh' --wait
start-job --file-path missing.sh || echo "exit $?"
start-job --file-path scripts || echo "exit $?"
get-job -o id

# A prefix of two parameters is refused.
start-job -Def X || echo "exit $?"
start-job -De X || echo "exit $?"

# A command that a signal ended is failed by that signal; start-job --wait says 10.
start-job --wait 'kill -KILL $$' || echo "exit $?"
get-job 1 -o json | show state reason exitCode signal

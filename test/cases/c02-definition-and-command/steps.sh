# A definition and a command exclude each other.
start-job --definition-name Nightly -- true || echo "exit $?"
start-job --definition-name Nightly --script-block true || echo "exit $?"
start-job --definition-name Nightly --file-path s.sh || echo "exit $?"
start-job --file-path s.sh --script-block true || echo "exit $?"
get-job -o json

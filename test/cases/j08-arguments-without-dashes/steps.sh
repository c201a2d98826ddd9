# Words beside a file or a text as a flag are refused, and the hint puts them behind the dashes.
echo 'echo "$@"' >s.sh
start-job --file-path s.sh a || echo "exit $?"
start-job --file-path s.sh a b || echo "exit $?"
start-job -FilePath s.sh a b -Name x || echo "exit $?"
start-job --script-block 'echo "$@"' a b || echo "exit $?"
start-job --file-path s.sh --script-block x || echo "exit $?"
start-job --wait --file-path s.sh -- a b

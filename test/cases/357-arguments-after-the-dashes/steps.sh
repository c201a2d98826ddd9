# Words after -- are the arguments of a text or a file.
start-job --wait --script-block 'echo "$1"' -- x
start-job --wait --file-path s.sh -- x 'two words'

# --literal-path takes brackets as they stand.
echo 'echo pattern' > a1.sh
echo 'echo "the file itself: $1"' > 'a[1].sh'
start-job --literal-path 'a[1].sh' --wait -- x
start-job --literal-path 'a*.sh' -- x || echo "exit $?"
get-job -o id

# A program that does not exist is a failed job that says where it was sought.
export PATH="$PATH:/sought/here"
start-job -o id -- no-such-program
get-job 1 -o json | show state reason exitCode statusMessage
start-job --wait -- no-such-program || echo "exit $?"

# An id below one or beyond whole numbers is refused; one that nobody has is not found.
receive-job --id -1 || echo "exit $?"
receive-job --id 0 || echo "exit $?"
receive-job --id 1000000000 || echo "exit $?"
receive-job --id 9007199254740993 || echo "exit $?"

# A job that debug-job cannot find has a code of its own by name, id and instance id.
debug-job nobody || echo "exit $?"
debug-job 'no*' || echo "exit $?"
debug-job 99 || echo "exit $?"
debug-job 01234567-89ab-7def-8123-456789abcdef || echo "exit $?"
debug-job || echo "exit $?"

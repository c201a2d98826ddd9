# An unknown option is answered with the nearest one, an unknown verb too.
start-job --definiton-name X || echo "exit $?"
nightshift strat-job || echo "exit $?"
get-job --wath || echo "exit $?"

# An unquoted cron expression */5 * * * * is answered with the advice to quote it.
nightshift validate definitions || echo "exit $?"
refused

# An unquoted cron expression * * * * * is answered with the advice to quote it.
nightshift validate definitions || echo "exit $?"
refused

# A cron expression without a due time in eight years is refused.
nightshift validate definitions || echo "exit $?"
refused

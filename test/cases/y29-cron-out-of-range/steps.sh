# A wrong cron expression is answered with the field and its range.
nightshift validate definitions || echo "exit $?"
refused Four Minute Seven

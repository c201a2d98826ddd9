# Ranges of a cron expression wrap around the end of their field.
nightshift validate definitions
start-job --definition-name Hours --wait

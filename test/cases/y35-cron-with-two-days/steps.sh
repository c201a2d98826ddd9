# A cron expression that restricts both day fields is accepted with a warning, unless dayMatch says which reading is meant.
nightshift validate definitions
nightshift validate definitions --strict || echo "exit $?"
start-job --definition-name And --wait

# A trigger without an equal is a comment in a definition that is switched off, and the status is 3.
nightshift import crontab table 2> report || echo "exit $?"
cat report
cat definitions/tick.yaml

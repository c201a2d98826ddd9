# An imported crontab line is a definition that runs as cron ran it.
nightshift import crontab table
start-job --definition-name Tidy-up --wait

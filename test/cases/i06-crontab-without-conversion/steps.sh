# The entries of a crontab start as they stand there, in the home folder and with its variables and input.
start-job --type CrontabJob --definition-name Tidy-up --wait
start-job --type CrontabJob --definition-name letter --wait
get-job --name letter -o json | show command

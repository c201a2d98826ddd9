# What does not fit a trigger is refused and leaves the file as it was.
cp definitions/N.yaml before
refused() { set-job-trigger N "$@" || echo "exit $?"; cmp before definitions/N.yaml; }
refused --trigger-id 1 --daily --weekly
refused --trigger-id 3 --daily
refused --trigger-id 1 --user bob
refused --trigger-id 1 --days-interval 0
refused --trigger-id 1 --at 25:00
refused --trigger-id 1 --cron '61 * * * *'
refused --trigger-id 1 --random-delay 00:20:00
refused --at 4:00
refused
refused --trigger-id 9 --at 4:00

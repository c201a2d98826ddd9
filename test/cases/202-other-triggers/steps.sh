# Triggers are replaced and numbered from 1; an interval is one more.
set-scheduled-job N --trigger '{every: 10m}' --trigger '[{cron: "0 3 * * *"}, {atStartup: {}}]'
cat definitions/N.yaml
set-scheduled-job N --run-every 2h
get-scheduled-job N -o json | show definitions.0.triggers.3.id
new-job-trigger --daily --at 03:00 -o json | set-scheduled-job N --trigger -
cat definitions/N.yaml

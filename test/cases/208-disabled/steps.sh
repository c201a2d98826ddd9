# A disabled definition keeps the words of its triggers; to disable and to enable twice is no error, and comments stay.
disable-scheduled-job N; disable-scheduled-job N
cat definitions/N.yaml
get-scheduled-job N -o json | show definitions.0.triggers.0.enabled definitions.0.enabled definitions.0.nextDueAt
nightshift scheduler run --once 2> log
get-job
enable-scheduled-job 'N*' --pass-thru -o id; enable-scheduled-job N
cat definitions/N.yaml

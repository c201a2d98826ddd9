# A valid file is started on a machine that has nothing else.
start-job --definition-name Hello --type ScheduledJob --wait
start-job --definition-name Hello --type pss* --wait
start-job --definition-name A --wait

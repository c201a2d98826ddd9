# A new definition is there at once, valid, and can be started.
nightshift new Greeting 2>next
sed -n 3p next
nightshift validate
start-job --definition-name Greeting --type ScheduledJob --wait

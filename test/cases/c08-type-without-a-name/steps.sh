# A type alone says nothing to run; beside a command it is one set too many.
start-job --type ScheduledJob || echo "exit $?"
start-job --definition-path . || echo "exit $?"
start-job --type ScheduledJob -- true || echo "exit $?"

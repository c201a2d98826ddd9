# A step that fails ends its workflow Failed; what needs it never runs, what does not goes on to its end.
start-job --definition-name Release --wait || echo "exit $?"
get-job 1 --include-child-job --json | show name state reason statusMessage

# A step that fails ends its workflow Failed; what needs it never runs, what does not goes on to its end.
# Which of them is told first is theirs to say.
start-job --definition-name Release --wait 2> reasons || echo "exit $?"
sort reasons
get-job 1 --include-child-job --json | show name state reason statusMessage

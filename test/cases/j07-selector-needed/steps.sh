# Every verb but get-job needs a selector.
for verb in receive-job wait-job stop-job remove-job; do $verb || echo "exit $?"; done

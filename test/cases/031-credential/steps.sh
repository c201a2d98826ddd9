# A user that does not exist is refused without a question; one's own name changes nothing.
start-job --credential nobody-else -- true || echo "exit $?"
get-job --json
start-job --credential "$(id -un)" --wait 'id -un' > user
[ "$(cat user)" = "$(id -un)" ] && echo same

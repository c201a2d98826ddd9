# An option with two values is refused; the same value twice is not.
start-job --name a --name b -- true || echo "exit $?"
start-job -o id --name a --name a -- true

# A name of a definition has at most 64 characters.
x=$(printf '%065d' 0 | tr 0 x)
start-job --definition-name "$x" || echo "exit $?"
start-job --definition-name "$x$x$x$x$x" || echo "exit $?"

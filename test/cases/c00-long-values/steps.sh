# A path that is too long is no path, and a message repeats 200 characters of it.
x=$(printf '%05000d' 0 | tr 0 x)
start-job --definition-name N --definition-path "$x" || echo "exit $?"
start-job --file-path "$x" || echo "exit $?"
start-job --file-path "$x*" || echo "exit $?"
start-job --literal-path "$x" || echo "exit $?"
start-job --working-directory "$x" -- true || echo "exit $?"
nightshift validate "$x" || echo "exit $?"
start-job --definition-name N --type "$x" || echo "exit $?"
get-job --name "$x" || echo "exit $?"
NIGHTSHIFT_STATE_DIR=/$x start-job -- true 2> said || echo "exit $? $(cut -d: -f2 said | head -1)"
NIGHTSHIFT_RUNTIME_DIR=/$x start-job -- true 2> said || echo "exit $? $(cut -d: -f2 said | head -1)"
get-job -o json

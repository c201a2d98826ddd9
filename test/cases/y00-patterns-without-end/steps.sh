# A pattern for a script finds one file, and looks neither into the whole disk nor into braces without end.
nightshift validate definitions || echo "exit $?"
refused
start-job --definition-name One --wait

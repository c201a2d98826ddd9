# validate prints a line for each file and points at every mistake.
nightshift validate definitions || echo "exit $?"
nightshift validate definitions/Good.yaml
nightshift validate nope || echo "exit $?"
nightshift validate definitions -o json 2> nothing > report || echo "exit $?"
show apiVersion files.0.ok files.1.file files.1.errors.0.code files.1.errors.0.line files.1.errors.0.column < report

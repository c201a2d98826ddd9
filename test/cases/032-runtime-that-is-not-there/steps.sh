# A runtime that is missing or of another version is refused by name, and there is no job.
start-job --runtime no-such-runtime 'x' || echo "exit $?"
start-job --runtime node@0 '1' 2> said || echo "exit $?"
sed "s/$(node -p process.versions.node)/VERSION/" said
get-job --json

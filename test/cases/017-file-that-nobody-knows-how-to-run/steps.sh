# A file of unknown extension that is not executable is refused before there is a job.
start-job --file-path notes.txt || echo "exit $?"
get-job -o json

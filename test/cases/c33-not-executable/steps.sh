# A file without the executable bit, or a folder, is a failed job.
for program in ./not-executable ./folder; do
  start-job --wait -- $program || echo "exit $?"
done
get-job -o json | show state reason exitCode

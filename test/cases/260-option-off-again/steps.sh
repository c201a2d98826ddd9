# An option is turned off again, and the others stay.
set-scheduled-job-option N --wake-to-run=false --pass-thru --json > out
node -e 'const [{ definition, wakeToRun, idleDuration }] = JSON.parse(require("fs").readFileSync("out")).options; console.log(definition, wakeToRun, idleDuration)'
get-scheduled-job-option N -o jsonl | set-scheduled-job-option - --hide-in-task-scheduler
cat definitions/N.yaml
get-scheduled-job-option N X || echo "exit $?"

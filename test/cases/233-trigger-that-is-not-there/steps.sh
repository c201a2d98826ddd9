# A trigger that is there is printed, one that is not is an error.
get-job-trigger N --trigger-id 2,7 --json > out || echo "exit $?"
node -e 'const { apiVersion, triggers } = JSON.parse(require("fs").readFileSync("out")); console.log(apiVersion, triggers.length, triggers[0].id, triggers[0].definition)'
get-job-trigger 'N*' 'X*' --trigger-id 7 || echo "exit $?"
get-job-trigger X || echo "exit $?"
get-job-trigger 'X*'

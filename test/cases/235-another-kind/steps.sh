# A trigger of another kind keeps its id and what the new kind knows; the other triggers are untouched.
set-job-trigger N --trigger-id 1 --weekly --days-of-week Monday --at 0:00 --weeks-interval 4
cat definitions/N.yaml
set-job-trigger N --trigger-id 7 --daily --pass-thru -o json > out
node -e 'const [{ id, kind, enabled, at, daysInterval, randomDelay, timeZone }] = JSON.parse(require("fs").readFileSync("out")).triggers; console.log(id, kind, enabled, at, daysInterval, randomDelay, timeZone)'

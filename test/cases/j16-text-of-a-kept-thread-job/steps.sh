# a thread job that is kept, and one of a definition, is listed by its text
start-thread-job --persist --wait 'return 1'
get-job -o json | show command
mkdir definitions
printf 'type: ThreadJob\njob:\n  filePath: five.mjs\n' > definitions/Five.yaml
echo 'export default () => 5' > definitions/five.mjs
start-job --definition-name Five --wait
get-job Five -o json | show command

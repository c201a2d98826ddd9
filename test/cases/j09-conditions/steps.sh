# --type and --definition are further conditions; the newest ones are counted after all others.
start-job --wait true
start-job --definition-name N --wait
start-job -o id 'until [ -e go ]; do sleep 0.05; done'
echo type
get-job --type 'scheduled*' -o id
get-job --definition n -o id
get-job --type BackgroundJob --definition '*' --json
echo newest
get-job --type BackgroundJob --newest 5 -o id
get-job --newest 1 --state Completed -o id

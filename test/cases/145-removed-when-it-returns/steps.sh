# remove-job --force returns when the jobs are stopped and gone, and prints nothing.
start-job -o id 'echo $$ > one; until [ -e go ]; do sleep 0.05; done'
start-job -o id 'echo $$ > two; until [ -e go ]; do sleep 0.05; done'
eventually sh -c '[ -s one ] && [ -s two ]'
remove-job --state Running --force
gone $(cat one two)
get-job --json

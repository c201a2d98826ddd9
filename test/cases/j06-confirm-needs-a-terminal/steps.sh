# --confirm without a terminal is refused and nothing is done; with --yes it is done.
start-job --confirm true || echo "exit $?"
get-job --json
start-job -o id --confirm --yes 'until [ -e go ]; do sleep 0.05; done'
for verb in suspend-job resume-job debug-job stop-job remove-job; do
  $verb 1 --confirm || echo "$verb: exit $?"
done
get-job 1 --json | show state
suspend-job 1 --confirm --yes -o id
resume-job 1 --confirm --yes -o id
stop-job 1 --confirm --yes
remove-job 1 --confirm --yes
get-job --json

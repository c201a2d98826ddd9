# engine, retention, hooks and safeOwners of an untrusted project are refused where definitions are used, and not read elsewhere.
start-job -o json -- true | show id
for key in 'engine: {}' 'retention: {}' 'hooks: {}' 'safeOwners: [0]'; do
  printf 'timeZone: UTC\n%s\n' "$key" > nightshift.yaml
  start-job --definition-name N || echo "exit $?"
  nightshift validate > printed 2> said || echo "exit $? $(cut -d: -f2 said | head -1)"
  for verb in get-job wait-job receive-job stop-job; do $verb 1 > nothing 2> nothing || echo "$verb: exit $?"; done
done
rm nightshift.yaml
remove-job 1
get-job -o json

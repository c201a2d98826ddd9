# Every flag that says what a definition says itself is refused beside --definition-name, and nothing is started.
for flag in --input-object=x --initialization-script=x --credential=x --authentication=Default --runtime=node --timeout=5s --grace-period=5s --success-exit-codes=0 --output-format=text --merge-streams --no-stream-commands; do
  start-job --definition-name N $flag 2> said || echo "$flag: exit $?"
  grep -q "^start-job: AmbiguousParameterSet: .*${flag%=*}" said || cat said
done
get-job --json

# --raw stands beside nothing that is about records, and a refused call consumes nothing.
start-job --wait 'true'
start-job -o id 'echo x'
wait-job 3 -o id
for flag in '-o jsonl' '--json' '--timestamps' '--tail 1' '--wait --write-events' '--wait --write-job-in-results'; do
  receive-job 3 --raw $flag 2> said || echo "$flag: exit $?"
  grep -q 'InvalidParameterCombination.*--raw' said || cat said
done
receive-job 3 --raw --since 2999-01-01
receive-job 3 --raw

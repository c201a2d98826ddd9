# Values that no flag takes, and conditions that --filter cannot stand beside, are refused.
get-job --has-more-data maybe || echo "exit $?"
get-job --before yesterday || echo "exit $?"
get-job --after 2026-02-30 || echo "exit $?"
get-job --newest 0 || echo "exit $?"
get-job --child-job-state Sleeping || echo "exit $?"
for flag in --include-child-job --child-job-state=Failed --has-more-data=true --before=2026-01-01 --after=2026-01-01 --newest=1; do
  get-job --filter name=x $flag 2> said || echo "$flag: exit $?"
  grep -q "^get-job: InvalidParameterCombination: .*--filter" said || cat said
done
get-job --watch || echo "exit $?"

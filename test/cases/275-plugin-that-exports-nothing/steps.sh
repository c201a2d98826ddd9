# A plugin without a default export is lost by name; the types of the others are listed.
export NIGHTSHIFT_TRUST=1
get-job-type -o id > types || echo "exit $?"
grep -E 'First|Greet|GREET' types
get-job-type GreetJob -o json 2> nothing | show types.0.package types.0.version types.0.source

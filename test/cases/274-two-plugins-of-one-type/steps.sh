# Of two plugins with a type of one name, in any case, neither is used for it; their other types are.
export NIGHTSHIFT_TRUST=1
start-job --definition-name Greet 2> errors || echo "exit $?"
grep '^start-job: JobTypeConflict' errors
get-job-type -o id > types 2> nothing || echo "exit $?"
grep -E 'First|Greet|GREET' types
start-job --definition-name First --wait 2> nothing

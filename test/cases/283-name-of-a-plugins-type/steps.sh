# A job of a plugin's type bears the name that its author gave the type.
export NIGHTSHIFT_TRUST=1
start-job --definition-name Greet --wait
get-job 1 -o json | show type name command state
get-job 2 -o json | show type

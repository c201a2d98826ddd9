# Removing one of five kept runs leaves four and the definition.
for n in 1 2 3 4 5; do start-job --definition-name N --persist --wait; done > printed
remove-job 5
get-job -o id
ls "$NIGHTSHIFT_STATE_DIR"/output/*/N | wc -l
ls definitions

# Of the kept runs of a definition the newest are kept, as many as maxResultCount says.
for n in 1 2 3; do start-job --definition-name P --persist --wait; done
get-job -o id
ls "$NIGHTSHIFT_STATE_DIR"/output/*/P | wc -l

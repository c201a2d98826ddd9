# A folder of another name among the runs is ignored.
start-job --definition-name P --persist --wait
mkdir "$(echo "$NIGHTSHIFT_STATE_DIR"/output/*/P)/notes of mine"
get-job -o id
start-job --definition-name P --persist --wait
get-job -o id
ls "$NIGHTSHIFT_STATE_DIR"/output/*/P | grep notes

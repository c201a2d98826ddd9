# A run in progress keeps its definition; by force it is stopped and all of it goes.
set-scheduled-job P --run-now
unregister-scheduled-job P || echo "exit $?"
get-job -o json | show state
ls definitions
unregister-scheduled-job P --force
get-job --all
ls definitions
ls "$NIGHTSHIFT_STATE_DIR"/output/*

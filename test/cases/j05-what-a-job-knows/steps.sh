# A running job knows its ids, name, attempt and run folder.
start-job --wait --name Curious 'echo $NIGHTSHIFT_JOB_ID "$NIGHTSHIFT_JOB_NAME" $NIGHTSHIFT_ATTEMPT; [ -d "$NIGHTSHIFT_RUN_DIR/$NIGHTSHIFT_ATTEMPT" ] && echo folder; echo $NIGHTSHIFT_INSTANCE_ID > id'
get-job 1 -o json | show instanceId | cmp - id && echo the same instance

# Arguments, environment and folder of a definition are used.
start-job --definition-name N --wait
start-job --definition-name N --wait --working-directory /

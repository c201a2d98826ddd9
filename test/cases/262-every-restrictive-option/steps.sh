# No option and no trigger keeps start-job from running a definition at once.
start-job --definition-name N --wait

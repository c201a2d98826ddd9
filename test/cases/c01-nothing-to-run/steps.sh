# start-job alone names the ways to say what to run.
start-job

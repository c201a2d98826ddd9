# When the initialization script fails, the text does not run, and the job says whose failure it was.
start-job -o id --initialization-script 'echo early; exit 4' 'echo body'
start-job -o id --initialization-script 'echo early; false' 'echo body'
wait-job 1 3 --json | show state reason exitCode statusMessage
receive-job 1 3
start-job -o id --initialization-script 'true' 'exit 5'
wait-job 5 --json | show statusMessage

# A script file shows its absolute path.
start-job --file-path scripts/sample.mjs
wait-job 1 -o json | show state

# The table is as wide as its widest name.
start-job --name PShellJob 'sleep 600'

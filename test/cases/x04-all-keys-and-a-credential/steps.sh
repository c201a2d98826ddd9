# The fourth example: all properties of a job that runs as oneself, and a user that there is not.
start-job -o id --credential "$(id -un)" -- echo three lines
wait-job 1 -o json
start-job --credential Domain01/User01 -- true

# A time limit holds whatever PATH the job has.
start-job -o id --timeout 200ms --env PATH=/nowhere -- /bin/sleep 600
wait-job 1 -o json | show state reason

# The seventh example: a function of the initialization script makes a file; without it the command is not found.
echo 'get_map() { echo "map of $1"; }' > map-functions.sh
start-job --name GetMappingFiles --initialization-script '. ./map-functions.sh' 'get_map "*" > Maps.tif'
wait-job 1 --json | show state command
cat Maps.tif
start-job -o id 'get_map "*"'
wait-job 3 --json | show state reason exitCode

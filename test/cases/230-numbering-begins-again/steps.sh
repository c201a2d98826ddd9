# After all triggers were removed numbering begins at 1.
remove-job-trigger N
cat definitions/N.yaml
add-job-trigger N --trigger '{atStartup: {}}'
get-job-trigger N -o id
add-job-trigger N --trigger '{daily: {at: "04:00"}}'
get-job-trigger N -o id

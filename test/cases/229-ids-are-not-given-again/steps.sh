# The id of a trigger that is gone is not given again, and those that stay keep theirs, in the file too.
remove-job-trigger N --trigger-id 2
cat definitions/N.yaml
add-job-trigger N --trigger '{atStartup: {}}'
get-job-trigger N -o id
remove-job-trigger M --trigger-id 3
add-job-trigger M --trigger '{atStartup: {}}'
get-job-trigger M -o id
cat definitions/M.yaml

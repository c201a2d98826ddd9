# get-job-type lists the types; an exact name that no type has is not found.
get-job-type BackgroundJob -o json | show apiVersion types.0.name types.0.package
get-job-type PSScheduledJob -o json | show types.0.name
get-job-type 'Back*' -o json | show types.0.name
get-job-type 'Nope*' -o json
get-job-type Nope || echo "exit $?"

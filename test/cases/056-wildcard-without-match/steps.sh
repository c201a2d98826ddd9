# A wildcard that matches nothing is no error.
get-job --name 'zzz*' --json

# A trigger added to several definitions is a copy in each, with the next id there.
add-job-trigger 'T*' --trigger '{atStartup: {}}'
get-job-trigger -o jsonl | show definition id kind
add-job-trigger 'T*' --trigger '{atStartup: {}}' --what-if
get-job-trigger T1 --json | add-job-trigger Other --trigger -
cat definitions/Other.yaml
echo Other | disable-job-trigger -
get-job-trigger 'T*' --json | disable-job-trigger -
get-job-trigger Other --trigger-id 1 --json | enable-job-trigger - --pass-thru
get-job-trigger

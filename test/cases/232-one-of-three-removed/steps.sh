# One of three triggers is removed and the others are as they were; what-if and a wrong id remove nothing.
before=$(cat definitions/N.yaml)
remove-job-trigger N --trigger-id 3 --what-if
remove-job-trigger N --trigger-id 4 || echo "exit $?"
[ "$before" = "$(cat definitions/N.yaml)" ] && echo unchanged
remove-job-trigger N --trigger-id 3
cat definitions/N.yaml

# A text is registered: a file, and nothing runs.
register-scheduled-job N 'echo hi' --json | show name type command enabled maxResultCount triggers nextDueAt
cat definitions/N.yaml
get-job

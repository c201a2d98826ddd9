# One option is set and nothing else changes in the file; what-if and a mistake change nothing.
set-scheduled-job-option N --wake-to-run --what-if
set-scheduled-job-option N --wake-to-run --idle-timeout -1h || echo "exit $?"
cmp definitions/N.yaml definitions/M.yaml
set-scheduled-job-option N --wake-to-run
diff definitions/M.yaml definitions/N.yaml || true
set-scheduled-job-option M --require-network=false --retry '{limit: 3}' --idle-duration 20m
cat definitions/M.yaml
set-scheduled-job-option Both --require-network
cat definitions/Both.yaml
nightshift validate definitions/Both.yaml

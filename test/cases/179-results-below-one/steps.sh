# A number of results below one is refused, in an option and in a file.
register-scheduled-job N 'x' --max-result-count 0 || echo "exit $?"
ls
mkdir definitions; echo 'job: { command: [x] }
maxResultCount: 0' > definitions/N.yaml; chmod 644 definitions/N.yaml
nightshift validate || echo "exit $?"
rm definitions/N.yaml; register-scheduled-job N 'x' -o id
set-scheduled-job N --max-result-count 0 || echo "exit $?"

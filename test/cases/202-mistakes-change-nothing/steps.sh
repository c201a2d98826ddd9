# What is wrong leaves the file as it is; a mistake that was there before does not count against a change, and one may mend it.
cp definitions/Broken.yaml before
set-scheduled-job Broken --working-directory / || echo "exit $?"
set-scheduled-job Broken --script-block '{{ x }}' || echo "exit $?"
cmp before definitions/Broken.yaml
set-scheduled-job Broken --description 'still broken'
set-scheduled-job Broken --time-zone UTC --pass-thru
set-scheduled-job Worse --time-zone UTC || echo "exit $?"
set-scheduled-job Broken || echo "exit $?"
disable-scheduled-job Empty || echo "exit $?"

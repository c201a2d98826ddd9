# What cannot be read can be unregistered.
unregister-scheduled-job Broken
unregister-scheduled-job Gone || echo "exit $?"
ls definitions

# An interval below one minute is refused, and no file is made.
register-scheduled-job N 'x' --run-every 30s || echo "exit $?"
ls
register-scheduled-job N 'x' --run-every 1h -o json | show triggers.0.repetitionInterval triggers.0.repeatIndefinitely

# A name with a slash is refused, and nothing is made.
register-scheduled-job a/b 'x' || echo "exit $?"
ls

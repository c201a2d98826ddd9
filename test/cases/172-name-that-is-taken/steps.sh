# A name that is taken in any case and with any extension is refused, and the file is untouched.
register-scheduled-job Backup 'x' || echo "exit $?"
cat definitions/backup.yml

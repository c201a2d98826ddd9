# Whatever the caller's umask, folders are 0700 and files 0600; the job has the caller's umask.
umask 000
start-job --wait umask
start-job --persist --wait 'umask; : > made'
stat -c %a made
umask 027
start-job --wait umask
find "$NIGHTSHIFT_STATE_DIR" -type d ! -perm 700
find "$NIGHTSHIFT_STATE_DIR" ! -type d ! -perm 600

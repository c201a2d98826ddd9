# A script file that is not there, or that nobody knows how to run, is refused, and no file is made.
register-scheduled-job N --file-path missing.sh || echo "exit $?"
mkdir .git; echo data > table.csv
register-scheduled-job N --file-path table.csv || echo "exit $?"
register-scheduled-job N --file-path '*.csvx' || echo "exit $?"
ls

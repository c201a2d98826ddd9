# An import whose name is taken writes nothing at all.
nightshift import crontab table || echo "exit $?"
ls definitions

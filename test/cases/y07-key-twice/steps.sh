# A key that stands twice in one map is pointed at where it stands again.
nightshift validate definitions || echo "exit $?"
refused Inside Twice

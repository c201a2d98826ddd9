# A tab that indents is named as one.
nightshift validate definitions || echo "exit $?"
refused

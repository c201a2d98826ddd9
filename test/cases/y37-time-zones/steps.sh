# A time zone is the name of a place; a wrong one is answered with examples.
nightshift validate definitions || echo "exit $?"
refused Empty Nope Offset

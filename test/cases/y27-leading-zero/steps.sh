# A number with a leading zero is to be quoted.
nightshift validate definitions || echo "exit $?"
refused

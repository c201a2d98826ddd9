# A file holds one definition.
nightshift validate definitions || echo "exit $?"
refused

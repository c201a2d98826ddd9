# A command is a list of texts.
nightshift validate definitions || echo "exit $?"
refused Null Number

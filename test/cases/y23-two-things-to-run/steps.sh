# command, scriptBlock and filePath exclude each other.
nightshift validate definitions || echo "exit $?"
refused

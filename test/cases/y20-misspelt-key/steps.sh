# A misspelt key is answered with the nearest known one.
nightshift validate definitions || echo "exit $?"
refused

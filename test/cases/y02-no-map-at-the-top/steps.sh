# A definition is a map of keys, neither a list nor a word.
nightshift validate definitions || echo "exit $?"
refused List Word

# A file without a definition in it says so.
nightshift validate definitions || echo "exit $?"
refused Comments Empty

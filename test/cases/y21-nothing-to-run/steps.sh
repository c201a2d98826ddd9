# A job that does not say what to run is told the three ways.
nightshift validate definitions || echo "exit $?"
refused

# The limit of retries is a whole number from 0 on that makes sense.
nightshift validate definitions || echo "exit $?"
refused Huge Negative

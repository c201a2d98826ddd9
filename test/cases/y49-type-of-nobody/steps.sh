# A type that no plugin offers is named with the line that would add it; the delegate's own type cannot be its job's.
nightshift validate definitions || echo "exit $?"
refused

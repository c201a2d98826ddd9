# Tags beyond those of the core schema are refused.
nightshift validate definitions || echo "exit $?"
refused Foo Function

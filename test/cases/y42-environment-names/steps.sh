# A variable has the name that a shell would let it have, and none that changes other programs.
nightshift validate definitions || echo "exit $?"
refused Digit Equals Preload

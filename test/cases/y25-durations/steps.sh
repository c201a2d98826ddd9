# A duration has a unit; the complaint lists the forms.
nightshift validate definitions || echo "exit $?"
refused Bare Clock Huge Infinite Negative

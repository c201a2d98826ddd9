# yes, on and their like are texts; the advice is to write true or false.
nightshift validate definitions || echo "exit $?"
refused Yes

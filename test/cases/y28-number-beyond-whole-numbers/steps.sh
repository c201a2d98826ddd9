# A trigger id is a whole number from 1 on that a computer can hold exactly.
nightshift validate definitions || echo "exit $?"
refused Big

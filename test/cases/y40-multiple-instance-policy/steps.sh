# A wrong policy is answered with the four; the case of letters does not matter.
nightshift validate definitions || echo "exit $?"
refused
start-job --definition-name Lower --wait 2> talk

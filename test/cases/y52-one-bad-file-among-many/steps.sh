# One bad file among two hundred good ones is listed; the others work.
cd definitions
for n in $(seq 200); do cp Good.yaml Good$n.yaml; done
cd ..
nightshift validate definitions > printed || echo "exit $?"
grep -c ^ok printed
grep -v ^ok printed
start-job --definition-name Good17 --wait
start-job --definition-name Bad || echo "exit $?"

# A secret is a reference; a value in its place is refused and never shown.
nightshift validate definitions || echo "exit $?"
refused Literal
{ nightshift validate definitions; nightshift validate definitions -o json; start-job --definition-name Literal; start-job --definition-name Literal -o json --debug; } > all 2>&1 || true
grep -c -e hunter2 -e 48151623 all || true

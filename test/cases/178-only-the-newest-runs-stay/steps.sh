# Of thirteen runs of a definition that keeps twelve, the twelve newest stay.
for n in 1 2 3 4 5 6 7 8 9 10 11 12 13; do
  set-scheduled-job P --run-now
  wait-job --filter state=Running -o id || true
  get-job -o id > /dev/null
done > printed
get-job --all -o id | tr '\n' ' '
echo

# A job that ended between two times is found by either, by both, and not the other way round.
now() { date -u +%Y-%m-%dT%H:%M:%S.%3NZ; }
before=$(now)
start-job --wait true
sleep 0.01
after=$(now)
get-job --after "$before" -o id
get-job --before "$after" -o id
get-job --after "$before" --before "$after" -o id
get-job --before "$before" --json
get-job --after "$after" --json

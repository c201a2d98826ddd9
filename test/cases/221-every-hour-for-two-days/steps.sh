# Every hour for two days is due forty-nine times, both ends included.
add-job-trigger N --trigger "$(new-job-trigger --once --at 2027-01-01T00:00 --repetition-interval 1h --repetition-duration 48h --time-zone UTC --json)"
nightshift next N --from 2026-12-31T00:00:00Z --count 100 -o jsonl > due
wc -l < due
head -1 due | show dueAt | cut -c1-16
tail -1 due | show dueAt | cut -c1-16

# Every third day at 04:15, first seen at 10:00, is due at 04:15 three days later.
add-job-trigger N --trigger "$(new-job-trigger --daily --at '4:15 AM' --days-interval 3 --time-zone UTC --json)"
nightshift next N --from 2027-01-01T10:00:00Z --count 1 -o jsonl | show dueAt | cut -c1-16

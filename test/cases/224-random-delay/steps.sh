# A random delay starts each due time a little later, at most as much later as it says, and every time it is asked the same.
add-job-trigger N --trigger '{Frequency: Daily, At: "1:00", RandomDelay: 20m}'
nightshift next N --from 2027-01-01T00:00:00Z --count 50 --time-zone UTC -o jsonl > first
nightshift next N --from 2027-01-01T00:00:00Z --count 50 --time-zone UTC -o jsonl > second
cmp first second
show dueAt < first | cut -c12-16 | sort -u
show note < first | cut -c19-23 | sort -u > starts
[ "$(wc -l < starts)" -gt 5 ] && echo not all equal
grep -vE '^01:([01][0-9]|20)' starts || echo none outside

# next answers for the definitions that it finds, and complains about those that are missing or broken.
list() { nightshift next -n 1 --from 2027-03-27 -o jsonl "$@" | sed 's/"dueAt.*//'; }
list Good
list 'Z*'
list Off
list Off --all
(nightshift next -n 1 --from 2027-03-27 Goood Good > seen) || echo "exit $?"
wc -l < seen
(nightshift next -n 1 --from 2027-03-27 > seen) || echo "exit $?"
wc -l < seen
nightshift next Good --trigger-id 7 || echo "exit $?"
nightshift next Off
nightshift next --cron '* * * * *' Good || echo "exit $?"

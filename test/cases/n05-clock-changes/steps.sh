# a cron expression is due as the table of required results says, whatever is done to the clock.
due() { nightshift next --cron "$2" --time-zone "$1" --from "$3" --until "$4" -n 100 -o json | sed 's/\([0-9]\)T/\1 /g; s/:00.000Z/Z/g'; }
due Europe/Berlin '30 2 * * *' 2026-03-28T23:00Z 2026-03-29T22:00Z
due Europe/Berlin '0,30 2 * * *' 2027-03-27T23:00Z 2027-03-28T22:00Z
due Europe/Berlin '0 2,3 * * *' 2027-03-27T23:00Z 2027-03-28T22:00Z
due America/New_York '30 2 * * *' 2027-03-14T05:00Z 2027-03-15T04:00Z
due Africa/Cairo '0 0 * * *' 2027-04-29T21:59Z 2027-04-30T20:00Z
due Australia/Lord_Howe '15 2 * * *' 2027-10-02T13:30Z 2027-10-03T13:00Z
due Europe/Berlin '30 2 * * *' 2026-10-24T22:00Z 2026-10-25T23:00Z
due Europe/Berlin '*/30 2 * * *' 2026-10-24T22:00Z 2026-10-25T23:00Z
due Europe/Berlin '*/30 2 * * *' 2027-03-27T23:00Z 2027-03-28T22:00Z
due Europe/Berlin '*/15 * * * *' 2027-03-28T00:29Z 2027-03-28T01:29Z
due UTC '0 22-2 * * *' 2026-11-30T23:59Z 2026-12-01T23:59Z
due UTC '0 0 29 2 *' 2026-11-22 2030-01-01
due UTC '0 0 LW * *' 2027-05-01 2027-06-01
nightshift next --cron '0 0 30 2 *' || echo "exit $?"

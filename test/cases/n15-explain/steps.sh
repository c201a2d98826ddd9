# an explanation puts triggers into words, and shows what is done to the clock between two due times.
nightshift next OfficeHours --explain -n 6 --from 2027-10-30T12:00
nightshift next --cron '30 2 * * *' --time-zone Europe/Berlin --explain -n 1 --from 2027-03-28
nightshift next --cron '0 0 13 * 5' --time-zone UTC --explain -n 1 --from 2027-03-01 --until 2027-03-02

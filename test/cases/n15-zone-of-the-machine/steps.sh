# where nobody names a zone times are those of the machine, and UTC with a warning when TZ names none.
first() { TZ=$1 nightshift next --cron '0 3 * * *' --from 2027-07-01 -n 1 | sed -n '2s/^.*T//p'; }
first Europe/Berlin
first ''
first Nope/Zone
TZ=Nope/Zone nightshift next --cron '0 3 * * *' --from 2027-07-01 -n 1 --time-zone Asia/Tokyo | sed -n '2s/^.*T//p'

# next prints when a definition is due, on the wall of its zone, with what a change of clocks made of it.
plain() { sed 's/\([0-9]\)T\([0-9]\)/\1 at \2/g'; }
nightshift next Nightly -n 3 --from 2027-03-27T00:00:00Z | plain
nightshift next nightly -n 2 --from 2027-03-27T00:00:00Z -o json | plain
nightshift next -n 2 --from 2026-10-24T12:00 --time-zone UTC -o jsonl | plain

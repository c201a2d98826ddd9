# A trigger that is due once fires at its time, and never again.
at=$(node -e 'console.log(new Date(Math.ceil(Date.now() / 1000) * 1000 + 5000).toISOString().slice(0, 19))')
add-job-trigger N --trigger "$(new-job-trigger --once --at "$at" --time-zone UTC --json)"
nightshift scheduler run --until 8s --drain 5s 2> log
nightshift scheduler run --until 1s 2>> log
get-job --name N -o jsonl | show state
nightshift history N -o jsonl | show word count

# A disabled trigger of an enabled definition starts nothing at its time, and an enabled one beside it does.
disable-job-trigger N --trigger-id 1
nightshift scheduler run --until 2500ms 2> log
wait-job '*' > jobs || true
get-job --name N -o jsonl > runs
node -e 'console.log([...new Set(require("fs").readFileSync("runs", "utf8").trim().split("\n").map((line) => JSON.parse(line).origin.triggerId))].join())'
nightshift history N --word Started -o jsonl | show triggerId | sort -u

# --include-attempts adds how each attempt went, oldest first, and no other key.
start-job -o id 'exit 3'
wait-job 1 -o id
get-job 1 --include-attempts --json | show attempts
get-job 1 --include-attempts --json | node -p 'Object.keys(JSON.parse(require("node:fs").readFileSync(0, "utf8"))[0]).length'

# debug-job prints the address of the inspector on loopback, each time the same, and the job goes on.
start-job -o id --runtime node 'require("node:fs").writeFileSync("up", ""); setInterval(() => {}, 50)'
eventually test -e up
debug-job 1 > one
debug-job --name Job1 > two
cat one
cmp one two
debug-job --id 1 --json | show apiVersion
get-job 1 --json | show state

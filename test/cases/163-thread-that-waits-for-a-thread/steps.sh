# a thread job lends its place while it waits for one that it has started itself
start-thread-job --throttle-limit 1 -o id 'const { execFileSync } = await import("node:child_process"); return "outer got " + execFileSync("start-thread-job", ["return 7", "--wait"])'
receive-job 1 --wait
get-job -o json | show id state

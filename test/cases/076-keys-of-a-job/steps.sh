# A job has eighteen keys and shows nothing of what it wrote.
start-job -o json 'echo secret output' | node -e 'console.log(Object.keys(JSON.parse(require("fs").readFileSync(0))).join(" "))'
wait-job 1 -o json | node -e 'console.log(Object.keys(JSON.parse(require("fs").readFileSync(0))[0]).join(" "))'
get-job 1 -o json | sed 's/"echo secret output"//' | grep -c 'secret output' || true

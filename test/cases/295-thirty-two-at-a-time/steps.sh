# of forty computers thirty-two are connected at a time where nobody says how many, or says 0
PATH=$PWD/bin:$PATH
for limit in '' '--throttle-limit 0'; do
  id=$(invoke-command --computer-name "$(seq -s, -f c%g 40)" $limit --as-job -o id uptime)
  eventually sh -c '[ "$(ls ~/here | wc -l)" -ge 32 ]'
  get-job "$id" -o json | node -e 'console.log(JSON.parse(require("fs").readFileSync(0))[0].childJobs.length)'
  touch ~/go
  wait-job "$id" -o json | node -e 'console.log(JSON.parse(require("fs").readFileSync(0))[0].childJobs.length)'
  sort -n ~/counts | tail -1
  rm ~/go
done

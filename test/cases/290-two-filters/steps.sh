# Of two filters both must hold.
start-job -o id --name b1 -- sleep 600
start-job --name b2 --wait -- true
start-job -o id --name a3 -- sleep 600
get-job --filter 'name=b*' --filter state=running -o id

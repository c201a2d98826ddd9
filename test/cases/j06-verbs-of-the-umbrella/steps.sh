# Every verb is also a sub-command of nightshift.
nightshift start-job --wait -- echo x
nightshift get-job -o id
nightshift receive-job 1 --from start
nightshift stop-job 1
nightshift wait-job 1 -o id
nightshift remove-job 1
nightshift get-job -o json

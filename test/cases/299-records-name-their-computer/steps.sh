# each record of a job on computers says in JSON which one it comes from
computers web1 web2
invoke-command --computer-name web1,web2 --as-job -o id 'echo up; echo oh >&2'
wait-job 1 -o id
receive-job 1 --keep -o jsonl | show jobId stream value channel computerName
receive-job 1 --keep
receive-job 1 --keep --computer-name WEB2 -o json | show computerName value
receive-job 1 --keep --location web3
invoke-command --computer-name web1 'echo up' -o jsonl | show stream value computerName

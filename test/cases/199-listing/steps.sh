# Definitions are listed in name order, with the ids of their triggers; in every form.
get-scheduled-job
get-scheduled-job 2 Nightly -o id
get-scheduled-job '[no]*' -o jsonl | show id name enabled triggers.0.kind options.timeout
get-scheduled-job Office -o yaml | head -5
get-scheduled-job -o json | show apiVersion
echo Office | get-scheduled-job - -o id
get-scheduled-job -o json | disable-scheduled-job - --pass-thru

# A definition of type WorkflowJob is started by PowerShell's name of the type as well.
start-job --definition-name Release --type PSWorkflowJob --wait
get-job --json | show id name type state command
get-job --id 2,3 --json | show id name type origin.kind

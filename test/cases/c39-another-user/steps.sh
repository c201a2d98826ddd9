# Another user than oneself is refused with the reason, before there is a job.
start-job --credential "$(id -un)" --wait "echo me"
start-job --credential nobody-of-that-name -- true || echo $?
start-job -Credential Domain01/User01 -- true || echo $?
get-job -o id

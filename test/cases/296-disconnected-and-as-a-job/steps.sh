# --as-job and --in-disconnected-session exclude each other
invoke-command --computer-name web1 --as-job --in-disconnected-session uptime

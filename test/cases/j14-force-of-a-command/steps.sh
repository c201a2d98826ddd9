# --force makes no difference to the suspend of a command; -F is the same in PowerShell's spelling.
start-job -o id 'until [ -e go ]; do sleep 0.05; done'
suspend-job 1 --force --json | show state reason
resume-job 1 --wait --json | show state
suspend-job 1 -F --wait --json | show state

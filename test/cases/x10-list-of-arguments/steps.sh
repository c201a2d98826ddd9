# A text with a list of arguments shows the text alone.
start-job 'for n in "$@"; do echo "$n"; done' --argument-list powershell pwsh notepad
receive-job 1 --wait

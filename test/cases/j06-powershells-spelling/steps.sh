# One dash and any case is PowerShell's spelling, also as a prefix of three letters or more.
start-job -SCRIPTBLOCK 'echo a' -Wait
start-job -Command 'echo b' -wai
start-job -ScriptBlock 'echo "$1"' -Args c -Wait
get-job -Id 1 -o id

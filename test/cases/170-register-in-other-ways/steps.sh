# A program, a file with its arguments, and everything else that a definition may say.
mkdir .git scripts; touch scripts/backup.sh
register-scheduled-job Program --time-zone Europe/Berlin --trigger '{cron: "0 3 * * *"}' --max-result-count 5 -- rsync -a 'my files' /mnt > printed
register-scheduled-job File --file-path scripts/backup.sh --env KEEP=07 --working-directory . --description 'Backup: all' --scheduled-job-option '{timeout: 30m, retry: {limit: 2}}' --trigger '{Frequency: Weekly, At: "9:00 PM", DaysOfWeek: [Monday, Friday], Interval: 2}' --trigger '{every: 10m}' -- --verify 7 >> printed
register-scheduled-job -Name Text -ScriptBlock 'set -e
make all' -Shell bash -InitializationScript 'umask 077' -ArgumentList a b >> printed
cat definitions/Program.yaml definitions/File.yaml definitions/Text.yaml
nightshift validate

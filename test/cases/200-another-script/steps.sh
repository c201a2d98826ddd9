# Set changes what is given and keeps everything else, comments included.
mkdir .git; touch a.sh b.sh
set-scheduled-job N --file-path b.sh --pass-thru --json > changed
show definitions.0.name < changed
show definitions.0.triggers.0.at < changed
cat definitions/N.yaml
set-scheduled-job N --description 'Now with words' --max-result-count 7 --time-zone UTC
set-scheduled-job N --env B=2
cat definitions/N.yaml

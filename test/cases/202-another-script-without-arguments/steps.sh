# Another script takes the arguments of the old one away, and an initialization script stays until it is cleared.
mkdir .git; touch a.sh b.sh
set-scheduled-job N --file-path b.sh
cat definitions/N.yaml
set-scheduled-job N --script-block 'echo "$1"' --argument-list x
set-scheduled-job N --initialization-script ''
cat definitions/N.yaml
set-scheduled-job N -- make all
cat definitions/N.yaml

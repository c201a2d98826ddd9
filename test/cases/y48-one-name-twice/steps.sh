# Two files of one name are both refused, whatever their case, extension or folder; others work.
nightshift validate definitions || echo "exit $?"
for name in Case case Kind kind; do start-job --definition-name $name || echo "exit $?"; done
start-job --definition-name Case -o json || echo "exit $?"
start-job --definition-name Other --wait
printf 'definitionPath: [definitions, more]\n' > nightshift.yaml
start-job --definition-name Other || echo "exit $?"
get-job --newest 1 -o id

# A project is trusted as it is, shown, asked about again when a plugin has another version, and forgotten.
nightshift trust --what-if
ls ~/.config 2> nothing || echo 'nothing written'
nightshift trust
cat ~/.config/nightshift/config.yaml
start-job --definition-name N --wait
start-job --definition-name Foreign || echo "exit $?"
printf '{ "version": "1.1.0" }' > plugin/nightshift-plugin.json
nightshift trust --list
start-job --definition-name N || echo "exit $?"
nightshift trust --revoke
nightshift trust --list

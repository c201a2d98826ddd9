# What needs no plugin of an untrusted project goes on with a warning; what may need one is refused with the command to type.
start-job --definition-name N --wait
start-job --definition-name Foreign || echo "exit $?"
start-job --definition-name N --type PluginJob || echo "exit $?"
get-job -o id

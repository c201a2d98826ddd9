# In PowerShell's spelling two words after the name are folder and type; in ours they are not.
start-job -DefinitionName N ./defs ScheduledJob -Wait
start-job --definition-name N ./defs || echo "exit $?"
get-job -o id

# A name or an id without a definition is an error, the others are printed; a pattern is quiet.
get-scheduled-job Nope || echo "exit $?"
get-scheduled-job 'Nope*'
get-scheduled-job Nihgtly Other -o id || echo "exit $?"
get-scheduled-job --id 2,7 -o json | show definitions.0.name || echo "exit $?"
get-scheduled-job 7 || echo "exit $?"

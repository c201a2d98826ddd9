# An example brings its script; a second definition made from it shares that script.
nightshift new Old --from cleanup 2>next
nightshift new Older --from cleanup
start-job --definition-name Older --wait 2>/dev/null

# A path of a definition does not leave the project, neither by dots, from the root, nor through a link.
ln -s / definitions/out
nightshift validate definitions > printed || echo "exit $?"
grep ^ok printed
refused
start-job --definition-name Inside --wait

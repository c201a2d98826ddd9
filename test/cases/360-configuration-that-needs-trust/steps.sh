# safeOwners in an untrusted project is refused where a definition is started; get-job does not read it.
start-job --definition-name N || echo "exit $?"
get-job -o json

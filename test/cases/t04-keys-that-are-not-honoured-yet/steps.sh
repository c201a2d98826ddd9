# engine needs trust; with it, it is refused for what it is: not honoured by this version.
printf 'engine: { a: 1 }\n' > nightshift.yaml
start-job --definition-name N || echo "exit $?"
NIGHTSHIFT_TRUST=1 start-job --definition-name N || echo "exit $?"
get-job -o json

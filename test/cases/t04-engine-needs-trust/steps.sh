# engine needs trust; with it, one that no plugin brings is refused.
printf 'namespace: n\nengine: { name: nobodys }\n' > nightshift.yaml
start-job --definition-name N || echo "exit $?"
NIGHTSHIFT_TRUST=1 start-job --definition-name N || echo "exit $?"
get-job -o json

# engine and retention need trust; with it they are refused for what they are: not honoured by this version.
for key in engine retention; do
  printf '%s: { a: 1 }\n' "$key" > nightshift.yaml
  start-job --definition-name N || echo "exit $?"
  NIGHTSHIFT_TRUST=1 start-job --definition-name N || echo "exit $?"
done
get-job -o json

# All folders of definitionPath are searched; a name in two of them is a conflict.
start-job --definition-name N --wait
cp second/N.yaml first/n.yaml
start-job --definition-name N || echo "exit $?"
get-job -o id

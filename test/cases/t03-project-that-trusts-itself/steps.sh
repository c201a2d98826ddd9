# A project cannot trust itself, by its own file or by what it calls itself.
printf 'trustedProjects:\n  - { folder: "%s", plugins: [] }\nsafeOwners: [0]\n' "$PWD" > nightshift.yaml
start-job --definition-name N || echo "exit $?"
nightshift trust --list
get-job -o json

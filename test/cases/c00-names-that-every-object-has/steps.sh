# An option, a verb or a key that JavaScript's objects know is unknown like any other.
for flag in --__proto__ --constructor -__proto__ -constructor --toString -ValueOf; do
  start-job $flag -- true 2> said || echo "exit $? $(cut -d: -f2 said | head -1)"
done
for verb in __proto__ constructor toString; do nightshift $verb 2> said || echo "exit $? $(cut -d: -f2 said | head -1)"; done
get-job --filter __proto__=1 2> said || echo "exit $? $(cut -d: -f2 said | head -1)"
start-job --wait --env __proto__=kept -- sh -c 'echo "$__proto__"'
start-job --name constructor -o json -- true | show name
get-job --name constructor -o json | show name

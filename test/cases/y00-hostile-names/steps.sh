# A file whose name is no name of a definition is refused as a file and as a name; others work.
cd definitions
for name in 'a b' 1N N..M N. CON nul.x com1 LPT9 __proto__ constructor prototype 'N*' '-N' 'N$' 'N%2e' "$(printf 'N\033[m')" "$(printf 'N\342\200\256')" "$(printf '\357\274\256')" "$(printf '%065d' 0 | tr 0 x)"; do
  cp Good.yaml "./$name.yaml"
done
cd ..
nightshift validate definitions > printed 2> said || echo "exit $?"
grep -c '^invalid' printed
grep -c '^validate: InvalidDefinitionName: ' said
for file in definitions/*.yaml; do
  name=$(basename "$file" .yaml)
  [ "$name" = Good ] || start-job --definition-name="$name" 2> said || echo "exit $?$(cut -d: -f2 said | head -1)"
done
start-job --definition-name Good --wait

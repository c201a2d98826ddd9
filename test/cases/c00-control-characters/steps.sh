# What a terminal would obey is never printed as it is: not from an option, a name, a file, nor a folder, in words nor in JSON.
esc=$(printf 'a\033[31m\302\2331m\342\200\256b')
mkdir "$esc"
printf 'job: { shell: "a\342\200\256b", command: [a] }\n' > "$esc/N.yaml"
{
  start-job "--$esc" || true
  start-job -o json "--$esc" || true
  start-job --definition-name "$esc" || true
  start-job --definition-name "$esc" -o json || true
  start-job --definition-name N --definition-path "$esc" || true
  start-job --definition-name N --definition-path "$esc" -o json || true
  start-job --definition-name N --definition-path "x$esc" || true
  start-job --shell "$esc" true || true
  start-job --env "$esc=1" -- true || true
  start-job --file-path "$esc" || true
  start-job --working-directory "x$esc" -- true || true
  get-job --name "$esc" || true
  receive-job --id "$esc" || true
  wait-job 1 --timeout "$esc" || true
  nightshift "$esc" || true
  nightshift validate "$esc" || true
  nightshift validate "$esc" -o json > data || true
  nightshift validate "x$esc" || true
} > printed 2>&1
grep -c . printed | grep -q '^[1-9][0-9]'
LC_ALL=C grep -c -e "$(printf '\033')" -e "$(printf '\302\233')" -e "$(printf '\342\200\256')" printed || true
grep -c 'x1b' printed | grep -q '^[1-9]'
start-job --name "$esc" --wait -- echo hi
get-job --name 'a*' -o json | show name | LC_ALL=C od -An -c | tr -d ' \n'

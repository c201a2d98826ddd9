# A name that could be a path or a device is refused before any file is touched.
for name in ../N /etc/N N/ . .. N. CON nul.x __proto__ constructor 'N*' 'a b' 1N; do
  start-job --definition-name "$name" 2> error || echo "exit $? $(cut -d: -f2 error | head -1)"
done

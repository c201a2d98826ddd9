# Each limit holds exactly: at it a definition works, one above it is refused.
sizes() { # a name, a text of node that makes a text of a number, the number at the limit
  node -e "const n = Number(process.argv[1]); process.stdout.write(($2)(n))" "$3" > definitions/$1At.yaml
  node -e "const n = Number(process.argv[1]); process.stdout.write(($2)(n + 1))" "$3" > definitions/$1Above.yaml
}
mkdir definitions
sizes Bytes 'n => "job: { command: [echo, hi] }\n#".padEnd(n, "x")' 262144
sizes Nodes 'n => `job: { command: [echo${", x".repeat(n - 6)}] }\n`' 2000
sizes Keys 'n => `job: { command: [echo], environment: { ${Array.from({ length: n }, (_, i) => "K" + i + ": v").join(", ")} } }\n`' 500
sizes Aliases 'n => `job: { command: [echo, &a x${", *a".repeat(n)}] }\n`' 20
sizes Depth 'n => `job: { command: [echo] }\ntriggers: ${"[".repeat(n - 1)}${"]".repeat(n - 1)}\n`' 32
nightshift validate definitions > printed 2> said || true
grep '^ok' printed
grep -o 'Definition[A-Za-z]*: .*' said | sed 's/:[0-9]*:[0-9]*)/)/'
refused BytesAbove NodesAbove KeysAbove AliasesAbove DepthAbove
start-job --definition-name KeysAt --wait

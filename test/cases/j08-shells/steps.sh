# --shell chooses what reads the text; arguments reach each.
start-job --wait --shell bash 'echo "${BASH_VERSION:+bash} $1"' -- a
start-job --wait --shell node 'console.log(process.argv.slice(2).join())' -- a b
start-job --wait --shell fish 'x' || echo "exit $?"

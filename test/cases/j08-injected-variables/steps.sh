# Variables that inject code are dropped with a warning, unless they were given with --env.
export NODE_OPTIONS=--no-warnings LD_AUDIT=
start-job --wait 'echo "[${NODE_OPTIONS-}]"' 2> warned
grep -o 'warning: InjectionVariableIgnored.*NODE_OPTIONS' warned | sed 's/Ignored.*/Ignored/'
start-job --wait --env NODE_OPTIONS=--no-deprecation 'echo "[$NODE_OPTIONS]"' 2> warned

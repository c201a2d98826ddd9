# What the initialization script defines is there in the text.
start-job --initialization-script 'f() { echo from-init; }' 'f' --wait

# A file is run by its extension, else by itself when it is executable.
chmod +x executable
for file in a.sh a.bash a.mjs a.cjs a.js a.ts executable; do start-job --wait --file-path $file -- "$file"; done
start-job --wait --file-path vanished-interpreter || echo "exit $?"
chmod +x vanished-interpreter
start-job --wait --file-path vanished-interpreter || echo "exit $?"

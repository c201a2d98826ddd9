# Records are block YAML as jobs are; a key is quoted where YAML would read something else.
start-job -o id --output-format ndjson 'echo "{\"a\":{\"b: c\":[1,{\"d\":2}],\"yes\":{}}}"; echo "[1]"; echo "::warning::w: x"'
wait-job 1 -o id
receive-job 1 -o yaml

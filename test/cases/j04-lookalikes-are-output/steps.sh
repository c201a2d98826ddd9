# Only lines in the exact form leave the Output stream.
start-job -o id 'echo "::Warning::a"; echo " ::warning::b"; echo "::warn::c"; echo "::progress activity=A,percent=101::d"; echo "::error::e"; echo "::progress activity=A,percent=50::f"'
wait-job 1 -o json | show state
receive-job 1 -o jsonl | show stream value

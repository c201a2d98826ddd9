# --raw copies the bytes of a stream's file, stream commands and the missing line end included.
start-job --wait 'printf "a\r\n\0::warning::w\n::warning::v\nlast"; echo e >&2' > shown 2>&1
receive-job 1 --raw --from start | od -c
receive-job 1 --raw --stream error --from start
receive-job 1 --raw --stream warning || echo "exit $?"

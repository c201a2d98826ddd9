# XDG_RUNTIME_DIR is not looked at, whatever it is.
mkdir real
ln -s real link
for folder in /tmp "$PWD/link" "$PWD/a-file" /nope; do
  XDG_RUNTIME_DIR=$folder start-job -o id -- true
done
get-job -o id
ls real
ls "$NIGHTSHIFT_STATE_DIR/session/$(cat /proc/sys/kernel/random/boot_id)" | grep -c '^0'

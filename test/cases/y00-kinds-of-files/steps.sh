# What is no plain file of ours inside the definition path is refused without being opened, waited for or followed.
ln -s /dev/zero definitions/Device.yaml
ln -s /etc/passwd definitions/Elsewhere.yaml
ln -s Loop.yaml definitions/Loop.yaml
ln -s nowhere definitions/Nowhere.yaml
ln -s Good.yaml definitions/Linked.yaml
mkfifo definitions/Pipe.yaml
mkdir definitions/Folder.yaml
cp definitions/Good.yaml definitions/Writable.yaml
chmod 602 definitions/Writable.yaml
printf 'nonsense' > definitions/.hidden.yaml
printf 'nonsense' > definitions/README.md
nightshift validate definitions || echo "exit $?"
for name in Device Elsewhere Folder Linked Loop Nowhere Pipe Writable; do
  start-job --definition-name $name --wait 2> said || echo "exit $?$(cut -d: -f2 said | head -1)"
done
NIGHTSHIFT_TRUST=1 start-job --definition-name Writable 2> said || echo "exit $?$(cut -d: -f2 said | head -1)"

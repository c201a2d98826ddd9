# A check with three outcomes: above its first limit it warns, with an exit code that counts as success.
nightshift new Disks --from DiskSpace >made 2>next
sed -i "s/WARN_AT: 80, FAIL_AT: 95/WARN_AT: 0, FAIL_AT: 999/" definitions/Disks.yaml
start-job --definition-name Disks --wait || echo "code $?"
get-job Disks -o json | show state exitCode

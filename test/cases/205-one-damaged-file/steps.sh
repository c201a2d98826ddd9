# A damaged file is reported with its place, the others are listed, and it stays as it is.
get-scheduled-job || echo "exit $?"
cat definitions/Broken.yaml

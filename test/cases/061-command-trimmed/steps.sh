# A command is found whatever blanks are around it, in either case.
start-job -o id '  echo "hello"  '
get-job --command ' ECHO "hello" ' -o id

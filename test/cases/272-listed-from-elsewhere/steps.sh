# A job of a definition is printed Running and listed from another folder.
start-job --definition-name N
cd /
get-job

# Begin and end are set once.
start-job -o json -- true | show beginTime > begin
wait-job 1 -o json | show beginTime endTime > first
receive-job 1
get-job 1 -o json | show beginTime endTime | cmp - first && echo same
sed 's/.*beginTime="\([^"]*\)".*/\1/' first | cmp - begin && echo same begin

# get-job lists the parents in ascending order, not their children.
for n in 1 2 3; do start-job -o id -- true > /dev/null; done
get-job -o id

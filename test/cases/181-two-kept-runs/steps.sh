# Two kept runs have the name of the definition and ids of their own.
for n in 1 2; do start-job --definition-name N --persist --wait; done
get-job --name N --json | show id name type childJobs origin
[ "$(get-job N --json | show beginTime | sort -u | wc -l)" = 2 ] && echo two begins

# A stopped job is Stopped, with reason stopped, and gives neither output nor error.
start-job -o id -- sleep 600
stop-job 1
get-job 1 -o json | show state reason
receive-job 1
receive-job 1 --follow

# Why a job failed is said once, and each time with --keep.
start-job -o id 'echo out; exit 3'
wait-job 1 -o id
for n in 1 2; do receive-job 1 --keep; done
for n in 1 2 3; do receive-job 1; done

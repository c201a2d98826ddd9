# --newest takes any number, however large.
start-job -o id -- true
wait-job 1 -o id
for number in 1 99999999999 1000000000000000000000000; do get-job --newest $number -o id; done

# What a slow job prints arrives without a gap and without repetition, however often it is received.
start-job -o id 'for n in 1 2 3 4; do echo $n; until [ -e ack-$n ]; do sleep 0.05; done; done; seq 5 3000'
: > got
for n in 1 2 3 4; do
  eventually sh -c "receive-job 1 >> got; grep -qx $n got"
  touch ack-$n
done
until wait-job 1 --timeout 0 > waited; do receive-job 1 >> got; done
receive-job 1 >> got
seq 3000 | cmp - got && echo whole

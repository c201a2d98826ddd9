# A job of a type that knows no computers is complained about, the others are received.
start-job -o id --definition-name N
start-job -o id 'echo from a background job'
wait-job 1 3 -o id
receive-job 1 3 --computer-name localhost

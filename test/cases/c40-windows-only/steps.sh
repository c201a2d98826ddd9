# What only Windows has is refused by name.
start-job --ps-version 5.1 x || echo $?
start-job -PSVersion 5.1 x || echo $?
start-job --ps-version 7 x || echo $?
start-job --run-as32 x || echo $?
start-job -RunAs32 --authentication Nonsense x || echo $?
start-job --authentication Kerberos x || echo $?
start-job --authentication default --wait "echo fine"
get-job -o id

# A wildcard that matches nothing is not waited for.
wait-job --name 'zzz*'

# --env adds variables for the job alone; a name that no shell could use is refused.
start-job --wait --env A=1 --env 'B=x=y z' --env C= 'echo "$A|$B|$C|"; printenv HOME | wc -l'
start-job --env '1X=1' -- true || echo "exit $?"
start-job --env 'NOVALUE' -- true || echo "exit $?"

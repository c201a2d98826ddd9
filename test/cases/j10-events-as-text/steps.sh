# In text the job comes as a table row, then its records, then a line for each job that came to rest.
start-job -o id --name Build 'echo one; exit 3'
receive-job 1 --wait --write-job-in-results --write-events > printed || true
grep -v '^Id' printed | sed 's, [A-Z][a-z]*  *\(True\|False\) *, STATE MORE ,'

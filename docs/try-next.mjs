// Printed after `npm start`: what to type next. A test types it.
console.log(`
That was a real job: definitions/Nightly.yaml, started now, whatever its triggers say. Try next:

  npx get-job                                     it is still listed
  npx receive-job Nightly --from start            and its output is still there
  npx start-job --name Count 'for i in 1 2 3; do echo $i; sleep 1; done'
  npx receive-job Count --follow                  from this terminal or any other
  npx nightshift --help                           all verbs

The first hour, step by step: docs/guide/first-hour.md
`);

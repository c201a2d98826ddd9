const spec = { '~standard': { version: 1, vendor: 'case', validate: (value) => ({ value }) } };

export default {
  name: 'first', version: '1.0.0', apiVersion: 1,
  jobTypes: [{ name: 'GreetJob', description: 'Says hello.', runs: 'command', capabilities: {}, spec, command: ({ spec }) => ({ argv: ['echo', 'hello', spec.to] }) }, { name: 'FirstJob', description: 'Says hello.', runs: 'command', capabilities: {}, spec, command: ({ spec }) => ({ argv: ['echo', 'hello', spec.to] }) }],
};

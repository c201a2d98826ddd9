import { expect, test } from 'vitest';
import { secretFault } from '../src/index.ts';

test.each(['env:REPORT_TOKEN', 'env:_x9', 'file:/run/secrets/token', 'file:key', 'file:a b'])('%s is a reference', (reference) => {
  expect(secretFault('TOKEN', reference)).toBeUndefined();
});

test.each(['hunter2', '', 'env:', 'env:A B', 'env:9', 'file:', 'file: ', 'https://hunter2', 7, null, ['env:A'], { hunter2: 'env:A' }])('%j is none, and is not repeated', (reference) => {
  const found = secretFault('TOKEN', reference);
  expect(found).toMatchObject({ fault: 'must be a reference to a secret, never the secret', at: 'value' });
  expect(JSON.stringify(found)).not.toContain('hunter2');
});

test.each(['keyring:hunter2', 'systemd-cred:hunter2'])('%s is one of a kind that is not resolved', (reference) => {
  expect(secretFault('TOKEN', reference)).toEqual({ fault: `is a reference of the kind ${reference.split(':')[0]}:, which this version does not resolve`, hint: 'write env:NAME or file:PATH', at: 'value' });
});

test.each(['a-b', '9A', '', 'A=B', 'ü', '__proto__.x'])('%j is no name', (name) => {
  expect(secretFault(name, 'env:A')).toMatchObject({ fault: 'is no name for a secret', at: 'key' });
});

test.each(['LD_PRELOAD', 'node_options', 'DYLD_X', 'NIGHTSHIFT_JOB_ID', 'IFS', 'BASH_FUNC_ls', '__proto__'])('%s is a variable with a meaning of its own', (name) => {
  expect(secretFault(name, 'env:A')?.fault).toContain('cannot be the name of a secret');
});

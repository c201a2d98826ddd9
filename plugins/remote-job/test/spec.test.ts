import type { SpecIssue } from '@nightshift/sdk';
import { describe, expect, test } from 'vitest';
import plugin from '../src/index.ts';
import { commandText } from '../src/foresee.ts';
import { type RemoteSpec, remoteSchema, THROTTLE_LIMIT } from '../src/spec.ts';

function read(value: unknown): RemoteSpec {
  const result = remoteSchema['~standard'].validate(value) as { readonly value?: RemoteSpec; readonly issues?: readonly SpecIssue[] };
  if (result.value === undefined) throw new Error(result.issues?.map(({ message }) => message).join('; '));
  return result.value;
}

function issues(value: unknown): readonly string[] {
  const { issues: found = [] } = remoteSchema['~standard'].validate(value) as { readonly issues?: readonly SpecIssue[] };
  return found.map(({ message, code }) => `${code ?? 'DefinitionValueInvalid'}: ${message}`);
}

describe('the job of a RemoteJob', () => {
  test('has defaults for what is not said', () => {
    expect(read({ computerName: 'web1', command: 'uptime' })).toEqual({ computerName: ['web1'], command: ['uptime'], argumentList: [], environment: {}, throttleLimit: THROTTLE_LIMIT, inDisconnectedSession: false, hideComputerName: false });
  });

  test('keeps each computer as it stands, also one that is named twice', () => {
    expect(read({ computerName: ['web2', 'web1', 'web2', 'me@10.0.0.1', 'fe80::1'], command: ['id'] }).computerName).toEqual(['web2', 'web1', 'web2', 'me@10.0.0.1', 'fe80::1']);
  });

  test('takes a limit of 0 for the default, times with a unit or in milliseconds, and numbers as text', () => {
    const spec = read({ computerName: ['a'], scriptBlock: 'x', throttleLimit: 0, timeout: '90s', gracePeriod: 250, argumentList: [1, true, 'b'], environment: { A: 1, B: '' }, credential: 'DOMAIN\\me', port: 2222 });
    expect(spec).toMatchObject({ throttleLimit: 32, timeout: 90_000, gracePeriod: 250, argumentList: ['1', 'true', 'b'], environment: { A: '1', B: '' }, credential: 'DOMAIN\\me', port: 2222 });
  });

  test.each([
    [{ command: ['id'] }, 'DefinitionKeyMissing: "job" has no "computerName"'],
    [{ computerName: ['a'] }, 'DefinitionKeyMissing: "job.computerName" have nothing to run: one of "command", "scriptBlock" and "filePath" is missing'],
    [{ computerName: ['a'], command: ['id'], scriptBlock: 'id' }, 'DefinitionKeysExclusive: "job.scriptBlock" and "job.command" exclude each other: a job runs one thing'],
    [{ computerName: [], command: ['id'] }, 'DefinitionValueInvalid: "job.computerName" must be a list of computers'],
    [{ computerName: ['-oProxyCommand=x'], command: ['id'] }, 'DefinitionValueInvalid: "job.computerName" holds "-oProxyCommand=x", which is not the name of a computer'],
    [{ computerName: ['a b'], command: ['id'] }, 'DefinitionValueInvalid: "job.computerName" holds "a b", which is not the name of a computer'],
    [{ computerName: ['a'], command: ['id'], credential: '-l' }, 'DefinitionValueInvalid: "job.credential" must be the name of a user'],
    [{ computerName: ['a'], command: ['id'], port: 0 }, 'DefinitionValueInvalid: "job.port" must be a whole number from 1 to 65535'],
    [{ computerName: ['a'], command: [] }, 'DefinitionValueInvalid: "job.command" names no program'],
    [{ computerName: ['a'], command: [' '] }, 'DefinitionValueInvalid: "job.command" names no program: its first word is empty'],
    [{ computerName: ['a'], command: ['a\0'] }, 'DefinitionValueInvalid: "job.command" must be a list of texts, none with a NUL'],
    [{ computerName: ['a'], scriptBlock: ' ' }, 'DefinitionValueInvalid: "job.scriptBlock" is empty'],
    [{ computerName: ['a'], command: ['id'], inputObject: ['a\nb'] }, 'DefinitionValueInvalid: "job.inputObject" must be a list of texts, each one line'],
    [{ computerName: ['a'], command: ['id'], environment: { 'A-B': 'x' } }, 'DefinitionValueInvalid: "job.environment.A-B" is not the name of a variable'],
    [{ computerName: ['a'], command: ['id'], environment: { UID: '0' } }, 'DefinitionValueInvalid: "job.environment.UID" belongs to the shell over there and cannot be set'],
    [{ computerName: ['a'], command: ['id'], computers: 1 }, 'DefinitionKeyUnknown: "job.computers" is not a key of a RemoteJob'],
    ['x', 'DefinitionValueInvalid: "job" must be a map of keys'],
  ])('%j is refused', (value, complaint) => {
    expect(issues(value)).toContain(complaint);
  });
});

test.each([
  [{ scriptBlock: ' echo hi ' }, ' echo hi '],
  [{ filePath: 'a.sh' }, '/project/a.sh'],
  [{ command: ['df', '-h', "it's"], argumentList: ['two words'] }, `df -h 'it'\\''s' 'two words'`],
  [{ command: ['if'] }, `'if'`],
])('%j is shown as it would be typed', (body, text) => {
  expect(commandText(read({ computerName: ['a'], ...body }), '/project')).toBe(text);
});

test('the type says what it can', () => {
  expect(plugin.jobTypes?.[0]).toMatchObject({ name: 'RemoteJob', runs: 'code', capabilities: { persist: true, kill: true, reattach: true } });
});

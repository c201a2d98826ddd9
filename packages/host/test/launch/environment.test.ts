import { describe, expect, test } from 'vitest';
import { ignoredVariables, jobEnvironment } from '../../src/launch/environment.ts';

const job = { id: 7, instanceId: '0198c0de-0000-7000-8000-000000000001', name: 'Büild 1' };
const run = { folder: '/state/run', attempt: 2 };
const OURS = { NIGHTSHIFT_JOB_ID: '7', NIGHTSHIFT_INSTANCE_ID: job.instanceId, NIGHTSHIFT_JOB_NAME: 'Büild 1', NIGHTSHIFT_RUN_DIR: '/state/run', NIGHTSHIFT_ATTEMPT: '2' };
const INJECTING = ['NODE_OPTIONS', 'LD_PRELOAD', 'LD_AUDIT', 'DYLD_INSERT_LIBRARIES', 'DYLD_LIBRARY_PATH'];

describe('the environment of a job', () => {
  test("is the caller's and what names the job", () => {
    expect(jobEnvironment({ A: '1', EMPTY: '', 'odd name': 'x' }, undefined, job, run)).toEqual({ A: '1', EMPTY: '', 'odd name': 'x', ...OURS });
  });

  test('says what was due, of a triggered job alone', () => {
    const dueAt = new Date('2027-03-28T03:00:00+02:00');
    const ofTrigger = { NIGHTSHIFT_DUE_AT: '2027-03-28T01:00:00.000Z', NIGHTSHIFT_TRIGGER_ID: '3' };
    expect(jobEnvironment({}, undefined, { ...job, origin: { kind: 'trigger', triggerId: '3', dueAt, catchUp: true } }, run)).toEqual({ ...ofTrigger, ...OURS });
    expect(jobEnvironment(ofTrigger, undefined, { ...job, origin: { kind: 'demand', runNow: true } }, run)).toEqual(OURS);
  });

  test('of a trigger holds nothing of the scheduler that could be a secret', () => {
    const triggered = { ...job, origin: { kind: 'trigger', triggerId: '3', dueAt: new Date(0), catchUp: false } } as const;
    const scheduler = { PATH: '/bin', HOME: '/home/you', LC_ALL: 'C', TZ: 'UTC', SECRET: 'x', AWS_TOKEN: 'y', NIGHTSHIFT_STATE_DIR: '/state' };
    const environment = jobEnvironment(scheduler, { DECLARED: '1' }, triggered, run);
    expect(Object.keys(environment).filter((name) => !(name in OURS)).toSorted()).toEqual(['DECLARED', 'HOME', 'LC_ALL', 'NIGHTSHIFT_DUE_AT', 'NIGHTSHIFT_STATE_DIR', 'NIGHTSHIFT_TRIGGER_ID', 'PATH', 'TZ']);
  });

  test.each(INJECTING)("lacks the caller's %s", (name) => {
    expect(jobEnvironment({ [name]: 'x', A: '1' }, undefined, job, run)).toEqual({ A: '1', ...OURS });
  });

  test.each(INJECTING)('has %s when the job was told so itself', (name) => {
    expect(jobEnvironment({ [name]: 'x' }, { [name]: 'y' }, job, run)).toEqual({ [name]: 'y', ...OURS });
  });

  test.each(['NODE_OPTION', 'node_options', 'LD_LIBRARY_PATH', 'MY_LD_PRELOAD', 'DYLD', 'NODE_PATH'])('keeps %s, which injects nothing', (name) => {
    expect(jobEnvironment({ [name]: 'x' }, undefined, job, run)).toMatchObject({ [name]: 'x' });
  });

  test('has what was declared, in place of what the caller says', () => {
    expect(jobEnvironment({ A: '1', B: '2' }, { A: 'x', C: '' }, job, run)).toEqual({ A: 'x', B: '2', C: '', ...OURS });
  });

  test.each([['the caller', true], ['the declaration', false]])('has a variable of %s that every object of JavaScript has', (_, ofCaller) => {
    const odd = JSON.parse('{ "__proto__": "x", "constructor": "y" }') as Record<string, string>;
    const entries = Object.entries(ofCaller ? jobEnvironment(odd, undefined, job, run) : jobEnvironment({}, odd, job, run));
    expect(entries).toEqual([['__proto__', 'x'], ['constructor', 'y'], ...Object.entries(OURS)]);
  });

  test('lacks what was declared as nothing', () => {
    expect(jobEnvironment({ A: '1', B: '2' }, { A: null, C: null }, job, run)).toEqual({ B: '2', ...OURS });
  });

  test('names the job truly, whatever the caller and the declaration say', () => {
    const wrong = Object.fromEntries(Object.keys(OURS).map((name) => [name, 'wrong']));
    expect(jobEnvironment(wrong, wrong, job, run)).toEqual(OURS);
  });
});

test('each variable that does not reach the job is one warning with the way to pass it on', () => {
  const warnings = ignoredVariables({ A: '1', NODE_OPTIONS: 'x', LD_PRELOAD: '', DYLD_X: '1' }, {});
  expect(warnings.map(({ code, message }) => `${code}: ${message}`).toSorted()).toEqual([
    'InjectionVariableIgnored: DYLD_X is not passed on to the job',
    'InjectionVariableIgnored: LD_PRELOAD is not passed on to the job',
    'InjectionVariableIgnored: NODE_OPTIONS is not passed on to the job',
  ]);
  expect(warnings.find(({ message }) => message.startsWith('NODE'))?.hint).toContain('--env NODE_OPTIONS=');
  expect(ignoredVariables({ A: '1' }, {})).toEqual([]);
});

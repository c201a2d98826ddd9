import { expect, test } from 'vitest';
import { complaintAbout, specOf, validate } from './workflow-job.ts';

const COMMAND = { command: ['true'] };

test('steps are numbered, and each needs the one before it', () => {
  expect(specOf({ steps: [COMMAND, { name: 'pack', ...COMMAND }, COMMAND] })).toMatchObject({
    checkpoint: true, maxParallel: 5,
    steps: [{ name: 'step1', needs: [] }, { name: 'pack', needs: ['step1'] }, { name: 'step3', needs: ['pack'] }],
  });
});

test('needs are names of steps in any case, written before or after', () => {
  const { steps } = specOf({ steps: [{ name: 'a', needs: 'C', ...COMMAND }, { name: 'b', needs: [], ...COMMAND }, { name: 'c', needs: ['B', 'b'], ...COMMAND }] });
  expect(steps.map(({ needs }) => needs)).toEqual([['c'], [], ['b']]);
});

test('what is not the workflow\'s own to say is the spec of the step\'s job, of whatever type', () => {
  const { steps } = specOf({ steps: [{ scriptBlock: 'echo hi', environment: { A: 1 }, timeout: '5m', gracePeriod: 0, retry: { limit: 2 } }, { type: 'ThreadJob', scriptBlock: 'return 1', pool: 'p' }] });
  expect(steps).toMatchObject([
    { job: { type: 'BackgroundJob', spec: { scriptBlock: 'echo hi', environment: { A: 1 } }, path: ['steps', 0], timeout: 300_000, gracePeriod: 0, retry: { limit: 2, delay: 10_000, factor: 2, maxDelay: 600_000, onInterrupted: false } } },
    { job: { type: 'ThreadJob', spec: { scriptBlock: 'return 1', pool: 'p' }, path: ['steps', 1] } },
  ]);
});

test('a step that suspends has no job', () => {
  expect(specOf({ steps: [COMMAND, { suspend: true, name: 'approve' }] }).steps[1]).toEqual({ name: 'approve', needs: ['step1'] });
});

// Y46, Y47: a circle and a need that is no step, each with its place.
test.each([
  [['b'], ['a'], ['steps', 0, 'needs', 0], 'a -> b -> a'],
  [[], ['b'], ['steps', 1, 'needs', 0], 'b -> b'],
  [['b'], undefined, ['steps', 0, 'needs', 0], 'a -> b -> a'],
])('a needs %j, b needs %j: the circle is told once, at %j', (a, b, path, circle) => {
  const complaint = complaintAbout({ steps: [{ name: 'a', needs: a, ...COMMAND }, { name: 'b', needs: b, ...COMMAND }] });
  expect(complaint).toMatchObject({ path, message: expect.stringContaining(`goes round in a circle: ${circle}`) });
  expect(complaint.code ?? 'DefinitionValueInvalid').toBe('DefinitionValueInvalid');
});

test('two circles that do not touch are two complaints; a step that waits for one is none', () => {
  const step = (name: string, ...needs: string[]) => ({ name, needs, ...COMMAND });
  const { issues } = validate({ steps: [step('z', 'a'), step('a', 'b'), step('b', 'a'), step('c', 'd'), step('d', 'c')] });
  expect(issues?.map(({ message }) => message.split(': ').at(-1))).toEqual(['a -> b -> a', 'c -> d -> c']);
});

test('a circle of a thousand steps is found, and so is that there is none', () => {
  const chain = Array.from({ length: 1_000 }, () => COMMAND);
  expect(validate({ steps: chain }).issues).toBeUndefined();
  expect(complaintAbout({ steps: [{ ...COMMAND, needs: ['step1000'] }, ...chain.slice(1)] }).message).toMatch(/step1 -> step1000 -> step999 -> .* -> step2 -> step1$/);
});

test.each<[string, unknown, object]>([
  ['a step that is not there', { steps: [{ name: 'build', ...COMMAND }, { needs: ['bild'], ...COMMAND }] }, { path: ['steps', 1, 'needs', 0], message: expect.stringContaining('"bild"'), hint: 'did you mean "build"?' }],
  ['a name twice', { steps: [{ name: 'A', ...COMMAND }, { name: 'a', ...COMMAND }] }, { path: ['steps', 1, 'name'], message: expect.stringContaining('step 1 already') }],
  ['the name that a step has by default', { steps: [COMMAND, { name: 'step1', ...COMMAND }] }, { path: ['steps', 1, 'name'] }],
  ['a name with a slash', { steps: [{ name: '../x', ...COMMAND }] }, { path: ['steps', 0, 'name'], hint: expect.stringContaining('letters') }],
  ['no steps', {}, { code: 'DefinitionKeyMissing' }],
  ['an empty list', { steps: [] }, { path: ['steps'], message: '"job.steps" has no step' }],
  ['a step that is text', { steps: ['make'] }, { path: ['steps', 0], message: '"job.steps[0]" must be a map of keys; it is text' }],
  ['more steps than there may be', { steps: Array.from({ length: 1_001 }, () => COMMAND) }, { message: expect.stringContaining('1000 are allowed') }],
  ['a key that is misspelt', { steps: [COMMAND], maxParalel: 2 }, { code: 'DefinitionKeyUnknown', at: 'key', hint: 'did you mean "maxParallel"?' }],
  ['no room for a step', { steps: [COMMAND], maxParallel: 0 }, { path: ['maxParallel'], message: '"job.maxParallel" must be a whole number from 1 to 1000; it is 0' }],
  ['suspend beside a command', { steps: [{ suspend: true, ...COMMAND }] }, { code: 'DefinitionKeysExclusive', path: ['steps', 0, 'command'] }],
  ['suspend: false', { steps: [{ suspend: false }] }, { path: ['steps', 0, 'suspend'] }],
  ['suspend where there are no checkpoints', { checkpoint: false, steps: [COMMAND, { suspend: true }] }, { code: 'DefinitionKeysExclusive', path: ['steps', 1, 'suspend'] }],
  ['a timeout without a unit', { steps: [{ timeout: 30, ...COMMAND }] }, { code: 'DurationInvalid', path: ['steps', 0, 'timeout'] }],
  ['a timeout in another form', { steps: [{ timeout: 'soon', ...COMMAND }] }, { code: 'DurationInvalid', path: ['steps', 0, 'timeout'] }],
  ['a limit below 0', { steps: [{ retry: { limit: -1 }, ...COMMAND }] }, { path: ['steps', 0, 'retry', 'limit'] }],
  ['a key of retry that is misspelt', { steps: [{ retry: { limits: 1 }, ...COMMAND }] }, { code: 'DefinitionKeyUnknown', path: ['steps', 0, 'retry', 'limits'], hint: 'did you mean "limit"?' }],
  ['needs that are a number', { steps: [COMMAND, { needs: 1, ...COMMAND }] }, { path: ['steps', 1, 'needs'] }],
  ['a type that is no text', { steps: [{ type: 7, ...COMMAND }] }, { path: ['steps', 0, 'type'] }],
])('%s is refused', (_, job, complaint) => {
  expect(complaintAbout(job)).toMatchObject(complaint);
});

test.each([null, 42, 'true', ['true']])('%j instead of a map is refused', (job) => {
  expect(complaintAbout(job)).toMatchObject({ message: expect.stringContaining('"job" must be a map of keys') });
});

test('everything is complained about at once', () => {
  expect(validate({ steps: [{ name: '1', ...COMMAND }, { needs: ['x'], ...COMMAND }, { suspend: 1 }], checkpoint: 'no' }).issues?.length).toBe(4);
});

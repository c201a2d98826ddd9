import { expect, test } from 'vitest';
import { type Known, inOrder, outcomeOf, plan, valuesFor } from '../src/plan.ts';
import { circlesOf } from '../src/needs.ts';
import { specOf } from './workflow-job.ts';

const NAMES: readonly string[] = ['a', 'b', 'c', 'd'];
const STATES: readonly (Known | undefined)[] = [undefined, { is: 'running' }, { is: 'completed', values: {} }, { is: 'failed', message: 'no' }, { is: 'stopped' }, { is: 'again', failures: 1, dueAt: 10 }];

/** Every way in which four steps can need those before them, each with every state that they can be in. */
function* everySituation() {
  for (let graph = 0; graph < 2 ** 6; graph++) {
    const needs = (index: number) => NAMES.slice(0, index).filter((_, before) => (graph >> ((index * (index - 1)) / 2 + before)) & 1);
    const spec = specOf({ maxParallel: 2, steps: NAMES.map((name, index) => ({ name, needs: needs(index), command: ['true'] })) });
    for (let state = 0; state < STATES.length ** 4; state++) {
      const known = new Map(NAMES.flatMap((name, index) => {
        const one = STATES[Math.floor(state / STATES.length ** index) % STATES.length];
        return one === undefined ? [] : [[name, one] as const];
      }));
      yield { spec, known };
    }
  }
}

test('of four steps, in every situation: what starts may start, what is lost is lost, and there is always something to do, to wait for, or an end', () => {
  let situations = 0;
  for (const { spec, known } of everySituation()) {
    situations++;
    const { lost, starts, isOver, nextDueAt } = plan(spec, known, 5);
    const isWaiting = (name: string) => ['again', undefined].includes(known.get(name)?.is);
    const isLost = (name: string, needs: readonly string[]) => isWaiting(name) && needs.every((need) => !isWaiting(need) && known.get(need)?.is !== 'running') && needs.some((need) => known.get(need)?.is !== 'completed');
    const mayStart = spec.steps.filter(({ name, needs }) => known.get(name) === undefined && needs.every((need) => known.get(need)?.is === 'completed'));
    const running = [...known.values()].filter(({ is }) => is === 'running').length;
    const seen = [lost.map(({ step }) => step.name), starts.map(({ name }) => name), isOver, isOver || lost.length + starts.length + running > 0 || nextDueAt === 10];
    const right = [spec.steps.filter(({ name, needs }) => isLost(name, needs)).map(({ name }) => name), mayStart.map(({ name }) => name).slice(0, Math.max(0, 2 - running)), running === 0 && !NAMES.some(isWaiting), true];
    // A matcher for each of so many would take longer than all the rest.
    if (JSON.stringify(seen) !== JSON.stringify(right)) expect({ needs: spec.steps.map(({ needs }) => needs), known, seen }).toEqual({ seen: right });
  }
  expect(situations).toBe(64 * 1_296);
});

test('a step that waits for another try starts when its time has come', () => {
  const spec = specOf({ steps: [{ name: 'a', command: ['x'] }] });
  const known = new Map<string, Known>([['a', { is: 'again', failures: 1, dueAt: 10 }]]);
  expect([9, 10].map((now) => plan(spec, known, now).starts.length)).toEqual([0, 1]);
  expect(plan(spec, new Map([['a', { is: 'again', failures: 1 }]]), 0).starts).toHaveLength(1);
});

test('nothing starts beside a step that suspends, whose turn it is', () => {
  const spec = specOf({ steps: [{ name: 'a', command: ['x'], needs: [] }, { name: 'p', suspend: true, needs: [] }] });
  expect(plan(spec, new Map(), 0)).toMatchObject({ starts: [], pauses: [{ name: 'p' }], isOver: false });
});

test('a step whose turn does not come says which step is to blame, when all that it needs is over', () => {
  const spec = specOf({ steps: [{ name: 'a', command: ['x'] }, { name: 'b', needs: [], command: ['x'] }, { name: 'c', needs: ['a', 'b'], command: ['x'] }] });
  const messages = (a: Known, b: Known) => plan(spec, new Map([['a', a], ['b', b]]), 0).lost.map(({ step, message }) => `${step.name}: ${message}`);
  const done: Known = { is: 'completed', values: {} };
  expect(messages({ is: 'failed', message: 'no' }, { is: 'running' })).toEqual([]);
  expect(messages({ is: 'failed', message: 'no' }, done)).toEqual(['c: it needs step "a", which failed']);
  expect(messages(done, { is: 'stopped' })).toEqual(['c: it needs step "b", which was stopped']);
  expect(messages({ is: 'dependency', message: 'no' }, done)).toEqual(['c: it needs step "a", which could not run']);
});

test('steps are put in order by what they need, else as they are written', () => {
  const spec = specOf({ steps: [{ name: 'a', needs: ['d'], command: ['x'] }, { name: 'b', needs: [], command: ['x'] }, { name: 'c', command: ['x'] }, { name: 'd', needs: [], command: ['x'] }] });
  expect(inOrder(spec.steps).map(({ name }) => name).join('')).toBe('bcda');
  expect(circlesOf(spec.steps)).toEqual([]);
});

test('a step is handed what those that it needs have handed on, directly or not, and nothing else; the later one counts', () => {
  const step = (name: string, ...needs: string[]) => ({ name, needs, command: ['x'] });
  // a runs after d although it is written before it.
  const spec = specOf({ steps: [step('a', 'd'), step('b', 'a'), step('other'), step('d'), step('last', 'b')] });
  const known = new Map<string, Known>([
    ['d', { is: 'completed', values: { X: 'd', D: 'd' } }], ['a', { is: 'completed', values: { X: 'a' } }],
    ['b', { is: 'completed', values: { B: 'b' } }], ['other', { is: 'completed', values: { X: 'other', O: 'other' } }],
  ]);
  expect(valuesFor(spec.steps[4] as never, spec, known)).toEqual({ X: 'a', D: 'd', B: 'b' });
  expect(valuesFor(spec.steps[3] as never, spec, known)).toEqual({});
});

test.each<[string, Readonly<Record<string, Known>>, object]>([
  ['all Completed', { a: { is: 'completed', values: {} }, b: { is: 'completed', values: {} } }, { state: 'Completed' }],
  ['one failed', { a: { is: 'failed', message: 'boom' }, b: { is: 'dependency', message: 'x' } }, { state: 'Failed', error: new Error('step "a" failed: boom') }],
  ['two failed', { a: { is: 'failed', message: 'boom' }, b: { is: 'failed', message: 'x' } }, { state: 'Failed', error: new Error('step "a" failed: boom (and 1 more)') }],
  ['one stopped', { a: { is: 'completed', values: {} }, b: { is: 'stopped' } }, { state: 'Stopped', reason: 'stopped' }],
  ['one that needs a stopped one', { a: { is: 'stopped' }, b: { is: 'dependency', message: 'it needs a' } }, { state: 'Failed', error: new Error('step "b" could not run: it needs a') }],
])('%s', (_, known, outcome) => {
  const spec = specOf({ steps: [{ name: 'a', command: ['x'] }, { name: 'b', command: ['x'] }] });
  expect(outcomeOf(spec, new Map(Object.entries(known)))).toEqual(outcome);
});

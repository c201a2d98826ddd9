import { deepStrictEqual, notStrictEqual, strictEqual } from 'node:assert/strict';
import type { Instance, JobStore, NextAttempt } from '@nightshift/sdk';
import { at, HOLDER, insertPair, move, planRun, planWaiting, rowOf, type StoreProperty } from './bench.ts';

const ANOTHER = { ...HOLDER, pid: HOLDER.pid + 1 };

function next({ instanceId }: Instance, attempt = 1): NextAttempt {
  const closed = { attempt, reason: 'exit', statusMessage: 'the command exited with code 3', beginTime: at(1), endTime: at(2), exitCode: 3 } as const;
  return { instanceId, closed, notBefore: at(60), retried: attempt, statusMessage: `attempt ${attempt + 1} starts soon` };
}

async function running(store: JobStore): Promise<readonly [Instance, Instance]> {
  const pair = await insertPair(store);
  await store.transition(pair.map((one) => move(one, ['NotStarted'], 'Running', { beginTime: at(1) })));
  return pair;
}

/** Whoever takes a run up, and the attempts that follow one another. */
export const attempts: readonly StoreProperty[] = [
  {
    title: 'lets a waiting run be taken up, and names its holder',
    takesUp: true,
    async check({ store }) {
      const [, run] = await insertPair(store, {}, planWaiting({ notBefore: at(9), queued: true }));
      const taken = await store.takeUp(run, HOLDER);
      deepStrictEqual(taken?.run?.holder, HOLDER, 'takeUp() must answer with the run and its holder');
      const { notBefore, queued } = await rowOf(store, run);
      deepStrictEqual({ notBefore, queued }, { notBefore: undefined, queued: undefined }, 'a run that was taken up waits for nothing any more');
    },
  },
  {
    title: 'gives a waiting run to one of many who would take it up at the same time',
    takesUp: true,
    async check({ store }) {
      const [, run] = await insertPair(store, {}, planWaiting());
      const answers = await Promise.all([HOLDER, ANOTHER, HOLDER, ANOTHER].map((holder) => store.takeUp(run, holder)));
      strictEqual(answers.filter((taken) => taken !== undefined).length, 1, 'takeUp() gave one run to several: compare and set must be one step');
    },
  },
  {
    title: 'gives a run to nobody that is held, finished, to be stopped, removed or suspended',
    takesUp: true,
    async check({ store }) {
      const [, held] = await insertPair(store);
      const waiting = await Promise.all([1, 2, 3, 4].map(() => insertPair(store, {}, planWaiting())));
      const [finished, stopping, removed, suspended] = waiting.map(([, run]) => run) as [Instance, Instance, Instance, Instance];
      await store.transition([move(finished, ['NotStarted'], 'Stopped', { endTime: at(1) }), move(stopping, ['NotStarted'], 'Stopping', { stopReason: 'stopped' }), move(suspended, ['NotStarted'], 'Suspended')]);
      await store.remove(waiting[2] as readonly Instance[]);
      for (const [what, run] of Object.entries({ held, finished, stopping, removed, suspended })) {
        strictEqual(await store.takeUp(run, HOLDER), undefined, `takeUp() gave out a run that is ${what}`);
      }
    },
  },
  {
    title: 'closes an attempt and lets the run and its parent wait for the next, in one step',
    async check({ store }) {
      const [parent, run] = await running(store);
      strictEqual(await store.nextAttempt(next(run)), true);
      const now = await rowOf(store, run);
      deepStrictEqual({ attempt: now.attempt, notBefore: now.notBefore, retried: now.run?.retried, holder: now.run?.holder, statusMessage: now.statusMessage, state: now.state }, { attempt: 2, notBefore: at(60), retried: 1, holder: undefined, statusMessage: 'attempt 2 starts soon', state: 'Running' });
      const above = await rowOf(store, parent);
      deepStrictEqual({ attempt: above.attempt, notBefore: above.notBefore, statusMessage: above.statusMessage }, { attempt: 2, notBefore: at(60), statusMessage: 'attempt 2 starts soon' });
    },
  },
  {
    title: 'keeps the closed attempts of the run and of its parent, oldest first',
    async check({ store }) {
      const [parent, run] = await running(store);
      await store.nextAttempt(next(run, 1));
      await store.nextAttempt(next(run, 2));
      const closed = [next(run, 1).closed, next(run, 2).closed];
      deepStrictEqual(await store.attempts(run.instanceId), closed);
      deepStrictEqual(await store.attempts(parent.instanceId), closed);
      deepStrictEqual(await store.attempts('nobody'), []);
    },
  },
  {
    title: 'lets the next attempt be taken up, once',
    takesUp: true,
    async check({ store }) {
      const [, run] = await running(store);
      await store.nextAttempt(next(run));
      strictEqual(await store.takeUp(run, HOLDER), undefined, 'takeUp() of an attempt that is closed: compare the attempt as well');
      const now = await rowOf(store, run);
      strictEqual((await store.takeUp(now, HOLDER))?.attempt, 2);
      strictEqual(await store.takeUp(now, ANOTHER), undefined);
    },
  },
  {
    title: 'lets what is Suspended wait for another attempt, and be taken up by who resumes it alone',
    takesUp: true,
    async check({ store }) {
      const [, run] = await running(store);
      await store.transition([move(run, ['Running'], 'Suspended', { reason: 'interrupted' })]);
      strictEqual(await store.nextAttempt(next(run)), true);
      const waiting = await rowOf(store, run);
      strictEqual(waiting.state, 'Suspended');
      strictEqual(await store.takeUp(waiting, HOLDER), undefined, 'takeUp() gave out a run that is Suspended: only who resumes it may have it');
      deepStrictEqual((await store.takeUp(waiting, HOLDER, true))?.run?.holder, HOLDER);
      strictEqual(await store.takeUp(waiting, ANOTHER, true), undefined, 'takeUp() gave a run that is resumed to two hosts');
    },
  },
  {
    title: 'leaves a parent alone that runs something itself',
    async check({ store }) {
      const [parent] = await store.insert(planRun({ origin: { kind: 'demand', runNow: false } }), []);
      const [child] = (await store.insert(planRun({ parentInstanceId: parent?.instanceId as string }), [])) as [Instance];
      strictEqual(await store.nextAttempt(next(child)), true);
      strictEqual((await rowOf(store, parent as Instance)).attempt, 1);
      deepStrictEqual(await store.attempts((parent as Instance).instanceId), []);
    },
  },
  {
    title: 'closes no attempt of a run that has moved on',
    async check({ store }) {
      const [, twice] = await running(store);
      await store.nextAttempt(next(twice));
      strictEqual(await store.nextAttempt(next(twice)), false, 'nextAttempt() closed one attempt twice');
      const [, stopping] = await running(store);
      await store.transition([move(stopping, ['Running'], 'Running', { stopReason: 'stopped' })]);
      strictEqual(await store.nextAttempt(next(stopping)), false, 'nextAttempt() of a run that is to be stopped');
      const [, ended] = await running(store);
      await store.transition([move(ended, ['Running'], 'Failed', { endTime: at(3) })]);
      strictEqual(await store.nextAttempt(next(ended)), false, 'nextAttempt() of a run that is finished');
      deepStrictEqual((await store.attempts(ended.instanceId)), []);
      notStrictEqual((await rowOf(store, ended)).attempt, 2);
    },
  },
];

import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, onTestFinished, test } from 'vitest';
import { isFenced, openFirings, readOwner, takeOwnership, type EmbeddedStore, type Ownership, type OwnershipRequest } from '../src/index.ts';
import { decision, skipped, started } from './firing-plans.ts';
import { countingIn, durableKind, insertPair, jobError, modeOf, openStore, plan, planChild, temporaryFolder } from './folder.ts';

const program = fileURLToPath(new URL('programs/own.ts', import.meta.url));
const me = { host: 'here', boot: 'boot-1', pid: 11, startTime: '1' };
const status = { state: 'ready', definitions: 3, triggers: 4 } as const;

/** A store whose namespaces can be taken; each taker has locks of its own, as on another machine, unless it is given some. */
function openHouse(): { readonly store: EmbeddedStore; take(facts?: Partial<OwnershipRequest>): Ownership } {
  const root = temporaryFolder();
  const store = openStore(durableKind(root));
  return {
    store,
    take(facts = {}) {
      const ownership = takeOwnership({ state: root, database: store.database, namespaces: ['p'], me, isAlive: () => true, now: () => 1_000, ...facts });
      onTestFinished(() => ownership.release());
      return ownership;
    },
  };
}

/** What another process says to its wish. */
async function takeElsewhere(state: string, ...namespaces: string[]): Promise<{ readonly child: ChildProcess; readonly said: string }> {
  const child = spawn(process.execPath, ['--conditions=source', '--no-warnings', program, state, ...namespaces], { stdio: ['pipe', 'pipe', 'inherit'] });
  onTestFinished(() => void child.kill('SIGKILL'));
  const [said] = (await once(child.stdout, 'data')) as [Buffer];
  return { child, said: said.toString().trim() };
}

async function kill(child: ChildProcess): Promise<void> {
  child.kill('SIGKILL');
  await once(child, 'exit');
}

describe('a namespace', () => {
  test('that nobody has is taken, and whoever asks reads who has it', () => {
    const { store, take } = openHouse();
    take();
    expect(readOwner(store.database, 'p')).toEqual({ namespace: 'p', epoch: 1, process: me, since: new Date(1_000), heartbeatAt: new Date(1_000), state: 'starting', definitions: 0, triggers: 0 });
    expect(readOwner(store.database, 'q')).toBeUndefined();
    expect([join(store.root, 'locks'), join(store.root, 'locks', 'p.db')].map(modeOf)).toEqual(['0700', '0600']);
  });

  test('that another process has is refused at once, naming it', async () => {
    const { store, take } = openHouse();
    const { child, said } = await takeElsewhere(store.root, 'p');
    expect(said).toBe('owned');
    expect(() => take()).toThrow(jobError('SchedulerAlreadyRunning', `process ${child.pid} on host here`));
    expect((await takeElsewhere(store.root, 'p')).said).toBe('SchedulerAlreadyRunning');
    expect(() => take({ isAlive: () => false, force: true })).toThrow(jobError('SchedulerAlreadyRunning'));
    expect(readOwner(store.database, 'p')).toMatchObject({ epoch: 1, process: { pid: child.pid } });
  });

  test('whose process was killed is taken at once', async () => {
    const { store, take } = openHouse();
    const { child } = await takeElsewhere(store.root, 'p');
    await kill(child);
    take({ isAlive: () => false });
    expect(readOwner(store.database, 'p')).toMatchObject({ epoch: 2, process: me });
  });

  test('whose owner lives is refused though its lock is gone', () => {
    const { take } = openHouse();
    take();
    expect(() => take({ state: temporaryFolder(), me: { ...me, pid: 12 } })).toThrow(jobError('SchedulerAlreadyRunning', 'process 11 on host here'));
  });

  test('of one that has only just been locked is refused without a name', () => {
    const { store, take } = openHouse();
    take();
    store.database.exec('DELETE FROM owner');
    expect(() => take()).toThrow(jobError('SchedulerAlreadyRunning', 'just being started'));
  });

  test('that was given back is free, and its epoch goes on', () => {
    const { store, take } = openHouse();
    const first = take();
    first.release();
    first.release();
    expect(readOwner(store.database, 'p')).toMatchObject({ state: 'stopped', epoch: 1 });
    take({ me: { ...me, pid: 12 } });
    expect(readOwner(store.database, 'p')).toMatchObject({ state: 'starting', epoch: 2, process: { pid: 12 } });
  });
});

describe('an owner on another host', () => {
  test.each([
    [14_999, {}, false],
    [15_000, {}, false],
    [15_001, {}, true],
    [400, { takeOverAfter: 300 }, true],
    [0, { force: true }, true],
  ])('whose heartbeat is %i ms old, asked with %j: taken over %j', (age, facts, isTaken) => {
    const { store, take } = openHouse();
    take();
    const act = (): unknown => take({ state: temporaryFolder(), me: { ...me, host: 'there' }, isAlive: () => false, now: () => 1_000 + age, ...facts });
    if (isTaken) act();
    else expect(act).toThrow(jobError('SchedulerAlreadyRunning', 'host here'));
    expect(readOwner(store.database, 'p')?.process.host).toBe(isTaken ? 'there' : 'here');
  });
});

describe('several namespaces', () => {
  test('are taken all or none', async () => {
    const { store, take } = openHouse();
    await takeElsewhere(store.root, 'b');
    expect(() => take({ namespaces: ['c', 'a', 'b'] })).toThrow(jobError('SchedulerAlreadyRunning', '"b"'));
    expect(readOwner(store.database, 'a')).toBeUndefined();
    expect((await takeElsewhere(store.root, 'a', 'c')).said).toBe('owned');
  });

  test('of which the row of one is another’s are not locked either', () => {
    const { store, take } = openHouse();
    take({ namespaces: ['b'] });
    const elsewhere = temporaryFolder();
    expect(() => take({ state: elsewhere, namespaces: ['a', 'b'] })).toThrow(jobError('SchedulerAlreadyRunning', '"b"'));
    expect(readOwner(store.database, 'a')).toBeUndefined();
    take({ state: elsewhere, namespaces: ['a'] });
    expect(readdirSync(join(elsewhere, 'locks')).filter((name) => name.endsWith('.db'))).toEqual(['a.db', 'b.db']);
  });
});

describe('a heartbeat', () => {
  test('says how the scheduler is', () => {
    const { store, take } = openHouse();
    let time = 1_000;
    const ownership = take({ now: () => time });
    time = 6_000;
    ownership.heartbeat({ ...status, nextDueAt: new Date(9_000), lagMs: 3 });
    expect(readOwner(store.database, 'p')).toMatchObject({ ...status, heartbeatAt: new Date(6_000), since: new Date(1_000), nextDueAt: new Date(9_000), lagMs: 3 });
    ownership.heartbeat(status);
    expect(readOwner(store.database, 'p')).not.toHaveProperty('lagMs');
  });

  test('of one whose place was taken is refused, and changes nothing', () => {
    const { store, take } = openHouse();
    const first = take();
    take({ state: temporaryFolder(), me: { ...me, pid: 12 }, isAlive: () => false });
    expect(() => first.heartbeat(status)).toThrow(jobError('SchedulerAlreadyRunning', 'process 12'));
    expect(readOwner(store.database, 'p')).toMatchObject({ epoch: 2, state: 'starting' });
  });
});

describe('a scheduler whose place was taken', () => {
  /** Everything that it could still do. */
  async function fencedOff(): Promise<{ readonly store: EmbeddedStore; readonly late: EmbeddedStore; readonly acts: Readonly<Record<string, () => Promise<unknown>>>; take(): void }> {
    const { store, take } = openHouse();
    const first = take();
    const late = store.fencedBy(() => first.fence());
    const firings = openFirings(late, countingIn(store.root));
    const [parent, run] = await insertPair(late);
    const [held] = (await late.insert(plan(), [planChild({ run: { carries: 'x' } })])).slice(1) as [typeof run];
    const closed = { attempt: 1 };
    return {
      store,
      late,
      take: () => void take({ state: temporaryFolder(), me: { ...me, pid: 12 }, isAlive: () => false }),
      acts: {
        insert: () => late.insert(plan(), [planChild()]),
        transition: () => late.transition([{ instanceId: parent.instanceId, from: ['NotStarted'], to: 'Running' }]),
        takeUp: () => late.takeUp(held, me),
        nextAttempt: () => late.nextAttempt({ instanceId: run.instanceId, closed, notBefore: new Date(1), retried: 1, statusMessage: 'm' }),
        remove: () => late.remove([parent, run]),
        fire: () => firings.fire([decision([started(1)])]),
        voidAfter: () => firings.voidAfter(['p/nightly'], new Date(0), new Date(0)),
        pruneFirings: () => firings.pruneFirings(new Date()),
      },
    };
  }

  test.each(['insert', 'transition', 'takeUp', 'nextAttempt', 'remove', 'fire', 'voidAfter', 'pruneFirings'])('writes nothing by %s', async (name) => {
    const { store, acts, take } = await fencedOff();
    await openFirings(store, countingIn(store.root)).fire([decision([skipped(7)])]);
    const before = [await store.find({}), await openFirings(store, countingIn(store.root)).firings({ limit: 9 })];
    take();
    await expect(acts[name]?.()).rejects.toSatisfy(isFenced);
    expect([await store.find({}), await openFirings(store, countingIn(store.root)).firings({ limit: 9 })]).toEqual(before);
    for (const { runFolder } of before[0] as readonly { runFolder?: string }[]) if (runFolder !== undefined) expect(existsSync(runFolder)).toBe(true);
  });

  test.each(['insert', 'transition', 'takeUp', 'nextAttempt', 'fire', 'voidAfter', 'pruneFirings', 'remove'])('wrote by %s before', async (name) => {
    const { acts } = await fencedOff();
    expect(await acts[name]?.()).not.toBe(false);
  });

  test('or that gave it back writes nothing, and others still do', async () => {
    const { store, take } = openHouse();
    const ownership = take();
    const late = store.fencedBy(() => ownership.fence());
    ownership.release();
    await expect(insertPair(late)).rejects.toThrow(jobError('SchedulerAlreadyRunning', 'given up'));
    expect(await insertPair(store)).toHaveLength(2);
  });
});

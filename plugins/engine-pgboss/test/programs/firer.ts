/**
 * One of several schedulers that fire a trigger whose due times come every so many milliseconds: firer.ts OPTIONS FIRST EVERY LAST.
 * Each due time gets a job. It ends when the last of them has its word, whoever gave it.
 */
import { setTimeout as pause } from 'node:timers/promises';
import type { FiringStore, TriggerClock } from '@nightshift/sdk';
import { openEngine } from '../../src/open.ts';
import type { PgbossOptions } from '../../src/options.ts';
import { planJob } from '../jobs.ts';
import { realTime } from '../real-time.ts';

const options = JSON.parse(process.argv[2] as string) as PgbossOptions;
const [first, every, last] = process.argv.slice(3).map(Number) as [number, number, number];
const DEFINITION = 'p/often';
await using engine = openEngine(options, { clock: realTime, namespace: 'p' });

/** The clock, made by whoever comes first. */
async function clockOf(firings: FiringStore): Promise<TriggerClock> {
  for (;;) {
    const [clock] = await firings.clocks([DEFINITION]);
    if (clock !== undefined) return clock;
    const to = { definition: DEFINITION, triggerId: 1, revision: 'r1', enabled: true, knownSince: new Date(first - every), nextDueAt: new Date(first) };
    await firings.fire([{ definition: DEFINITION, decidedAt: new Date(), clocks: [{ to }], firings: [] }]);
  }
}

/** Due times that have come and have no word yet, at most a few at a time. */
function dueTimes({ nextDueAt }: TriggerClock): readonly Date[] {
  const dues: Date[] = [];
  for (let due = nextDueAt?.getTime() ?? Infinity; due <= Math.min(Date.now(), last) && dues.length < 5; due += every) dues.push(new Date(due));
  return dues;
}

for (;;) {
  const from = await clockOf(engine.firings);
  if (from.nextDueAt === undefined) break;
  const dues = dueTimes(from);
  const lastDueAt = dues.at(-1);
  if (lastDueAt === undefined) {
    await pause(5);
    continue;
  }
  const firings = dues.map((dueAt) => {
    const [job, run] = planJob();
    return { triggerId: 1, dueAt, word: 'Started' as const, instanceId: job.instanceId, start: [{ ...job, definition: { key: DEFINITION, name: 'Often', path: '/d/Often.yaml' }, origin: { kind: 'trigger' as const, triggerId: '1', dueAt, catchUp: false } }, run] as const };
  });
  const next = lastDueAt.getTime() + every;
  const { nextDueAt: _, ...known } = from;
  const to: TriggerClock = { ...known, lastDueAt, ...(next > last ? {} : { nextDueAt: new Date(next) }) };
  // Refused: somebody else was first, and this one looks again.
  const [result] = await engine.firings.fire([{ definition: DEFINITION, decidedAt: new Date(), clocks: [{ from, to }], firings }]);
  if (result?.is === 'fired') process.stdout.write('{"event":"fired"}\n');
}

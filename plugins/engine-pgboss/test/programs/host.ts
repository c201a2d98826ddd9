/**
 * A host that takes what there is and writes a line of output every few milliseconds until it is told to end: host.ts OPTIONS NAME.
 * It says what happens to it, a line of JSON each; a line on its standard input lets its runs end.
 */
import { setTimeout as pause } from 'node:timers/promises';
import type { Lease } from '@nightshift/sdk';
import { openEngine } from '../../src/open.ts';
import type { PgbossOptions } from '../../src/options.ts';
import { ended } from '../jobs.ts';
import { realTime } from '../real-time.ts';

const [options, name] = [JSON.parse(process.argv[2] as string) as PgbossOptions, process.argv[3] as string];
const { queue, output } = openEngine(options, { clock: realTime, namespace: 'p' });
const say = (event: string, facts: object = {}): void => void process.stdout.write(`${JSON.stringify({ event, ...facts })}\n`);
const toEnd = new AbortController();
process.stdin.once('data', () => toEnd.abort());

async function run(lease: Lease): Promise<void> {
  const { instanceId, attempt } = lease.instance;
  say('began', { attempt, fence: lease.fence });
  const renewal = setInterval(() => void renew(lease), options.lease / 4);
  let offset = 0;
  while (!toEnd.signal.aborted) {
    const line = `${name} ${offset}\n`;
    const answer = await output.append({ instanceId, attempt, channel: 'stdout', fence: lease.fence, offset }, Buffer.from(line)).catch((cause: Error) => ({ is: 'unreachable', why: cause.message }));
    if (answer.is === 'written' && offset === 0) say('written');
    if (answer.is === 'written') offset += line.length;
    if (answer.is === 'fenced') break;
    await pause(10);
  }
  clearInterval(renewal);
  say(toEnd.signal.aborted ? 'done' : 'fenced', { offset });
  say('settled', { answer: await queue.settle(lease, ended(lease)) });
}

async function renew(lease: Lease): Promise<void> {
  const { lost } = await queue.renew([lease]).catch(() => ({ lost: [] }));
  if (lost.length > 0) say('lost');
}

for (;;) {
  const leases = await queue.acquire({ host: name, routes: ['default'], slots: 4 }).catch((): readonly Lease[] => []);
  if (leases.length > 0) await Promise.all(leases.map(run));
  else await pause(20);
}

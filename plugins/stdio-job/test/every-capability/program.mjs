// A program that does everything a manifest can promise. Spec: { does: done | fail | wait | ask }.
import { existsSync, writeFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { join } from 'node:path';

const say = (type, facts) => process.stdout.write(`${JSON.stringify({ type, ...facts })}\n`);
const end = (state, facts) => say('outcome', { state, ...facts });
let does;

const ON = {
  hello: () => say('ready', { protocol: 1 }),
  prepare: ({ spec, token }) => {
    does = spec.does;
    const mine = token ?? `run-${process.pid}-${process.hrtime.bigint()}`;
    const mark = join(process.argv[2], encodeURIComponent(mine));
    if (token !== undefined && !existsSync(mark)) return end('Failed', { error: { code: 'NoSuchRun', message: `there is no run ${token}` } });
    writeFileSync(mark, '');
    say('prepared', { token: mine });
  },
  start: () => {
    say('record', { stream: 'output', value: 'begun' });
    if (does === 'done') end('Completed', { exitCode: 0 });
    if (does === 'fail') end('Failed', { error: { code: 'Wanted', message: 'it was to fail' } });
    if (does === 'ask') say('blocked', { prompt: 'Go on?' });
  },
  unblock: () => end('Completed'),
  suspend: () => say('suspended'),
  resume: () => say('resumed'),
  stop: ({ reason }) => end('Stopped', { reason }),
  kill: ({ reason }) => end('Stopped', { reason }),
  dispose: () => process.exit(0),
};
createInterface({ input: process.stdin }).on('line', (line) => {
  const message = JSON.parse(line);
  ON[message.type]?.(message);
});

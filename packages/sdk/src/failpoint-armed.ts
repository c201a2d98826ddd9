/**
 * `NIGHTSHIFT_FAILPOINTS=name:hit=action[,…]`, read once: `kill`, `throw:CODE`, `delay:ms` (the process stands still so
 * long) or `exit:n` at the hit-th time the point is reached. `NIGHTSHIFT_FAILPOINTS=list:FILE` appends each name reached
 * to a file. Source: reliability specification 12.1.
 */
import { appendFileSync } from 'node:fs';

const setting = process.env['NIGHTSHIFT_FAILPOINTS'] ?? '';
const listFile = setting.startsWith('list:') ? setting.slice(5) : undefined;
const actions = new Map(listFile === undefined && setting !== '' ? setting.split(',').map(readAction) : []);
const hits = new Map<string, number>();

/** Acts when this is the planned hit of the planned point. */
export function failpoint(name: string): void {
  if (listFile !== undefined) appendFileSync(listFile, `${name}\n`);
  const planned = actions.get(name);
  if (planned === undefined) return;
  const hit = (hits.get(name) ?? 0) + 1;
  hits.set(name, hit);
  if (hit === planned.hit) act(planned.action);
}

function readAction(text: string): [string, { hit: number; action: string }] {
  const [, name, hit, action] = /^([\w.]+):(\d+)=(.+)$/.exec(text) ?? [];
  if (name === undefined || action === undefined) throw new Error(`NIGHTSHIFT_FAILPOINTS: cannot read "${text}"`);
  return [name, { hit: Number(hit), action }];
}

function act(action: string): void {
  const [word, value] = action.split(':');
  if (word === 'kill') process.kill(process.pid, 'SIGKILL');
  else if (word === 'exit') process.exit(Number(value));
  else if (word === 'delay') Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, Number(value));
  else if (word === 'throw') throw Object.assign(new Error(`failpoint ${value}`), { code: value });
  else throw new Error(`NIGHTSHIFT_FAILPOINTS: unknown action "${action}"`);
}

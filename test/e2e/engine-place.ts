// Several machines that share one engine, as people use them: each a state folder of its own, the verbs on each, and workers.

import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { FileServer } from '../../plugins/engine-pgboss/test/server.ts';
import { waitFor, type Ended, type Job } from './product.ts';
import { newFleet } from './worker-place.ts';

export type Machine = ReturnType<typeof machineOf>;

/** Of a lease, in milliseconds: longer than any pause on a busy machine. */
const PATIENT = 20_000;

/** `more`: further options of the engine, as text. */
export async function newShop(server: FileServer, more = '') {
  const fleet = newFleet(server, PATIENT, await server.fresh({ lease: PATIENT }));
  const config = join(fleet.home, '.config/nightshift/config.yaml');
  const configure = (text: string) => writeFileSync(config, text);
  if (more !== '') configure(`namespace: fleet\nplugins: [${fleet.pluginFolder}]\nengine: { name: pgboss, connection: env:FLEET_DATABASE, schema: ${fleet.schema}, acceptDataLoss: true, ${more} }\n`);
  mkdirSync(join(fleet.work, 'definitions'));
  const define = (name: string, text: string) => writeFileSync(join(fleet.work, 'definitions', `${name}.yaml`), text);
  return { ...fleet, configure, define, machine: (name: string) => machineOf(fleet, name) };
}

function machineOf(fleet: ReturnType<typeof newFleet>, name: string) {
  const env = { NIGHTSHIFT_STATE_DIR: join(fleet.root, `machine-${name}`) };
  const run = (program: string, ...args: string[]): Promise<Ended> => fleet.run(program, args, { env });
  const stdoutOf = async (program: string, ...args: string[]): Promise<string> => {
    const { code, stdout, stderr } = await run(program, ...args);
    if (code !== 0) throw new Error(`${program} ${args.join(' ')} ended with ${code}: ${stderr}`);
    return stdout;
  };
  const jobs = async (...args: string[]): Promise<Job[]> => JSON.parse(await stdoutOf('get-job', ...args, '-o', 'json')) as Job[];
  const job = async (id: number | string): Promise<Job> => (await jobs(String(id)))[0] as Job;
  const start = async (...args: string[]): Promise<number> => Number(await stdoutOf('start-job', '-o', 'id', '--persist', ...args));
  const inState = (id: number, state: string): Promise<Job> => waitFor(`job ${id} is ${state}`, () => job(id), (seen) => seen.state === state);
  const finished = async (id: number): Promise<Job> => (JSON.parse(await stdoutOf('wait-job', String(id), '--timeout', '40s', '-o', 'json')) as Job[])[0] as Job;

  /** A scheduler that says one JSON object a line, and what it has said so far. */
  const schedule = (...args: string[]) => {
    const child = fleet.begin('nightshift', ['scheduler', 'run', '-o', 'jsonl', ...args], { env: { ...env, NIGHTSHIFT_MIN_FREE: '0' } });
    let text = '';
    child.stderr.on('data', (bytes: Buffer) => (text += String(bytes)));
    const ended = new Promise<number | null>((resolve) => child.on('close', resolve));
    const events = () => text.split('\n').filter((line) => line.startsWith('{')).map((line) => JSON.parse(line) as Record<string, unknown>);
    const said = (event: string, facts: object = {}) => waitFor(`it says ${event}; ${text}`, events, (all) => all.some((one) => one['event'] === event && Object.entries(facts).every(([key, value]) => one[key] === value)));
    const end = async (signal: NodeJS.Signals = 'SIGTERM') => {
      child.kill(signal);
      return ended;
    };
    return { events, said, end, ended, text: () => text };
  };
  return { name, env, run, stdoutOf, jobs, job, start, inState, finished, schedule };
}

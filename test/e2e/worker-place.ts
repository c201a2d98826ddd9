// Several machines of one engine: each a state folder of its own, all with the configuration of one user and one PostgreSQL.

import type { ChildProcess } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { onTestFinished } from 'vitest';
import { FINISHED_STATES, type Engine, type Instance, type JobState, type NewInstance, type OutputChannel, type RunFacts } from '@nightshift/sdk';
import { newInstanceId } from '../../packages/host/src/launch/instance-id.ts';
import { pgboss } from '../../plugins/engine-pgboss/src/index.ts';
import { realTime } from '../../plugins/engine-pgboss/test/real-time.ts';
import type { FileServer } from '../../plugins/engine-pgboss/test/server.ts';
import { newPlace, waitFor } from './product.ts';

const PLUGIN = fileURLToPath(new URL('../../plugins/engine-pgboss', import.meta.url));

/** Nightshift with its failpoints. */
const ARMED = fileURLToPath(new URL('../crash/armed.cjs', import.meta.url));

export interface WorkerEvent { event: string; job?: number; name?: string; state?: string; resumed?: number; running?: number; wish?: string; error?: { code: string } }

export type Worker = ReturnType<typeof beginWorker>;

/** What is to be run; `launch` as the engine keeps it. */
export interface Order { command?: string; launch?: Record<string, unknown>; run?: Partial<RunFacts>; more?: Partial<NewInstance>; name?: string }

/** `lease`: milliseconds. */
export function newFleet(server: FileServer, lease = 2_000, options = server.options({ lease }), atTheEnd: (clean: () => void) => void = onTestFinished) {
  const place = newPlace(atTheEnd);
  const config = join(place.home, '.config/nightshift');
  mkdirSync(config, { recursive: true });
  writeFileSync(join(config, 'config.yaml'), `namespace: fleet\nplugins: [${PLUGIN}]\nengine: { name: pgboss, connection: env:FLEET_DATABASE, schema: ${options.schema}, lease: ${lease}ms, acceptDataLoss: true }\n`);
  place.env['FLEET_DATABASE'] = options.connection;
  const engine: Engine = pgboss.open(options, { clock: realTime, namespace: 'fleet' });
  atTheEnd(() => engine[Symbol.asyncDispose]());

  /** Starts a worker on a machine of its own, and waits until it is ready. */
  const worker = (name: string, ...args: string[]) => beginWorker(place, name, args);
  /** One with its failpoints, which ends at the first of these. */
  const doomed = (name: string, failpoint: string) => beginWorker(place, name, [], failpoint);
  const ready = async (name: string, ...args: string[]): Promise<Worker> => {
    const one = worker(name, ...args);
    await one.said('ready');
    return one;
  };

  /** Puts a job into the queue: a parent, and the run of which everything is known. */
  const submit = async ({ command = 'true', launch = {}, run = {}, more = {}, name = 'Job' }: Order): Promise<{ job: Instance; run: Instance }> => {
    const carries = newInstanceId();
    const facts = { type: 'BackgroundJob', command } as const;
    const rows = await engine.store.insert({ ...facts, instanceId: carries, name, origin: { kind: 'demand', runNow: true } }, [
      { ...facts, instanceId: newInstanceId(), origin: { kind: 'parent' }, run: { carries, ...run }, launch: JSON.stringify({ argv: ['/bin/sh', '-c', command], workingDirectory: place.work, ...launch }), ...more },
    ]);
    return { job: rows[0] as Instance, run: rows[1] as Instance };
  };
  const row = async ({ id }: Instance): Promise<Instance> => (await engine.store.find({ ids: [id] }))[0] as Instance;
  const inState = (job: Instance, ...states: JobState[]): Promise<Instance> => waitFor(`${job.name} is ${states.join(' or ')}`, () => row(job), ({ state }) => states.includes(state));
  const ended = (job: Instance): Promise<Instance> => inState(job, ...FINISHED_STATES);
  const output = async ({ instanceId }: Instance, channel: OutputChannel = 'stdout', attempt = 1): Promise<Buffer> => {
    const place = { instanceId, attempt, channel };
    return Buffer.from(await engine.output.read({ ...place, offset: 0, limit: await engine.output.size(place) }));
  };
  const text = async (run: Instance, channel?: OutputChannel, attempt?: number): Promise<string> => (await output(run, channel, attempt)).toString();
  /** Waits until a run has written so much. */
  const wrote = (run: Instance, what: string): Promise<string> => waitFor(`${run.name} has written ${what}`, () => text(run), (said) => said.includes(what));
  return { ...place, engine, schema: options.schema, pluginFolder: PLUGIN, worker, ready, doomed, submit, row, inState, ended, output, text, wrote };
}

function beginWorker(place: ReturnType<typeof newPlace>, name: string, args: readonly string[], failpoint?: string) {
  const state = join(place.root, `state-${name}`);
  const words = ['worker', 'run', '--name', name, '-o', 'jsonl', ...args];
  const env = { NIGHTSHIFT_STATE_DIR: state, ...(failpoint === undefined ? {} : { NIGHTSHIFT_FAILPOINTS: `${failpoint}:1=kill` }) };
  const child: ChildProcess = failpoint === undefined ? place.begin('nightshift', words, { env }) : place.begin(process.execPath, [ARMED, ...words], { env });
  const events: WorkerEvent[] = [];
  let text = '';
  let rest = '';
  child.stderr?.setEncoding('utf8').on('data', (piece: string) => {
    text += piece;
    const lines = (rest + piece).split('\n');
    rest = lines.pop() as string;
    for (const line of lines) if (line.startsWith('{')) events.push(JSON.parse(line) as WorkerEvent);
  });
  const gone = new Promise<number | null>((resolve) => child.on('exit', (code) => resolve(code)));
  return {
    events, gone, state, pid: child.pid,
    said: (event: string, facts: Partial<WorkerEvent> = {}): Promise<WorkerEvent> =>
      waitFor(`worker ${name} says ${event} ${JSON.stringify(facts)}`, () => ({ found: events.find((one) => one.event === event && Object.entries(facts).every(([key, value]) => one[key as keyof WorkerEvent] === value)), text, exit: child.exitCode }), ({ found, exit }) => found !== undefined || exit !== null).then(({ found }) => {
        if (found === undefined) throw new Error(`worker ${name} has ended with ${child.exitCode}: ${text}`);
        return found;
      }),
    send: (signal: NodeJS.Signals): boolean => child.kill(signal),
    async kill(signal: NodeJS.Signals = 'SIGKILL'): Promise<number | null> {
      child.kill(signal);
      return gone;
    },
  };
}

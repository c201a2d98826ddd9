/**
 * The process of one run of JavaScript: `node code-host ATTEMPT-FOLDER`, under the shim like any command. It reads what is to be
 * run, loads the job type, looks after the run to its end, writes down how it ended, and ends.
 */
import { mkdirSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { CALL_LIMIT, callPlugin, HOST_FAILED, pluginTimedOut, stopBelow, superviseRun, type AnyCodeJobType, type Callee, type CodeRunEnd, type CodeRunOrder, type CoreParts, type SourcedPlugin, type SupervisedRun } from '@nightshift/core';
import { isJobError, JobError, type Instance, type JobStore, type ReattachToken, type SpecIssue } from '@nightshift/sdk';
import { failpoint } from '@nightshift/sdk/failpoint';
import { CODE_FILES, readCheckpoint, reserveOutcome, writeWhole } from '@nightshift/store';
import { maskOf } from '../../secrets/mask.ts';
import type { SecretValues } from '../../secrets/resolve-secrets.ts';
import { assembleCore, type AssemblyOptions } from '../../assemble-core.ts';
import { thisProcess } from '../identity.ts';
import { systemClock } from '#system-clock';
import { watchBusy } from './busy-watch.ts';
import { createFileBooks } from './file-books.ts';
import { inputFile, readInput } from './input.ts';
import { loadJobType } from './load-job-type.ts';
import { readOrder, type CodeOrder } from './order.ts';
import { createRecordSink } from './record-sink.ts';
import { createRunChildren } from './run-children.ts';
import { hearSecrets, NOTHING_TOLD } from './told-secrets.ts';
import { followWishes } from './wishes.ts';

/** For the children that the run starts. */
export type HostPaths = Pick<AssemblyOptions, 'shim' | 'codeHost' | 'pluginProcess'>;

/** Runs the attempt in that folder. Ends the process: 0 after an outcome was written, `HOST_FAILED` where none could be. */
export async function runCodeHost(attempt: string, paths: HostPaths): Promise<void> {
  // As they are before a plugin is there.
  const { exit } = process;
  try {
    await hostRun(attempt, paths);
    exit(0);
  } catch (cause) {
    tell(cause);
    exit(HOST_FAILED);
  }
}

async function hostRun(attempt: string, paths: HostPaths): Promise<void> {
  const self = thisProcess();
  // Whoever finds us by this file may wish something: heard it is only later, but it must not end us.
  process.on('SIGHUP', () => {});
  reserveOutcome(attempt);
  writeWhole(join(attempt, CODE_FILES.host), `${self.pid} ${self.startTime}`);
  failpoint('code.host');
  const order = readOrder(attempt);
  const callee = { plugin: order.reference.plugin, type: order.reference.type };
  const busy = watchBusy(join(attempt, CODE_FILES.outcome), (['load', 'prepare'] as const).map((call) => timedOut(callee, call)), CALL_LIMIT + MOMENT);
  // What cannot be loaded is told like every other end before the beginning.
  let told = NOTHING_TOLD;
  const loaded = await callPlugin(systemClock, callee, 'load', async () => {
    // Before anything of a plugin is there.
    if (order.isTold === true) told = hearSecrets();
    return load(order);
  }).catch((cause: unknown) => failure(order, cause));
  busy.next();
  const { parts, wiring } = assembleCore({ ...paths, environment: process.env, warn: tell, workingDirectory: order.workingDirectory, plugins: loaded.plugins, secretVariables: told.variables, ...(order.worker === undefined ? {} : { worker: order.worker }), ...(order.configuration === undefined ? {} : { configuration: order.configuration }) });
  const { instance, store } = await ownRow(parts, order);
  const sink = createRecordSink(order.runFolder, order.instance.attempt, parts.clock);
  const books = createFileBooks({ store, instance, clock: parts.clock, warn: tell, conceal: concealing(Object.values(told.secrets)), prepared: () => busy.next() });
  const run = superviseRun(loaded.type, await runOrder(order, loaded.spec, told.secrets), { clock: parts.clock, books, records: sink, children: createRunChildren(parts, store, instance, order, wiring.explaining), ownProcess: true });
  process.on('uncaughtException', (cause) => run.crash(cause));
  process.on('unhandledRejection', (cause) => run.crash(cause));
  followWishes(attempt, run, loaded.type.capabilities.reattach === true, tell);
  let isKilled = false;
  process.on('SIGQUIT', () => (isKilled = true));
  const end = await keptAlive(parts, run);
  // What it has started ends because it had to, and is asked no more where it was not.
  if (end.state === 'Stopped' || end.reason === 'timeout') await stopBelow(parts, store, instance, { reason: 'parent', force: isKilled });
}

/** Milliseconds: the timers come first, where they can. */
const MOMENT = 2_000;

function timedOut(callee: Callee, call: 'load' | 'prepare'): string {
  const { code, message } = pluginTimedOut(callee, call, CALL_LIMIT);
  return JSON.stringify({ state: 'Failed', reason: 'spawn', statusMessage: `${code}: ${message}` });
}

/** A plugin may have broken what texts are handled with: then the end of its run counts, and not what it said of it. */
function concealing(values: readonly string[]): (text: string) => string {
  if (values.length === 0) return (text) => text;
  let mask: ((text: string) => string) | undefined;
  return (text) => {
    try {
      return (mask ??= maskOf(values))(text);
    } catch {
      return 'what it said cannot be shown';
    }
  };
}

/** A run that waits for a wish has nothing else that keeps its process alive. */
async function keptAlive({ clock }: CoreParts, run: SupervisedRun): Promise<CodeRunEnd> {
  const over = new AbortController();
  const alive = (async () => {
    for (;;) await clock.sleep(60_000, over.signal);
  })().catch(() => {});
  const end = await run.ended;
  over.abort();
  await alive;
  return end;
}

async function ownRow({ stores }: CoreParts, { instance: { instanceId } }: CodeOrder): Promise<{ readonly instance: Instance; readonly store: JobStore }> {
  for (const store of [stores.session(), stores.durable()]) {
    const [instance] = (await store?.find({ instanceIds: [instanceId] })) ?? [];
    if (store !== undefined && instance !== undefined) return { instance, store };
  }
  throw new JobError({ code: 'JobWithSpecifiedInstanceIdNotFound', message: `no job has the instance id ${instanceId}` });
}

interface Loaded {
  readonly type: AnyCodeJobType;
  readonly spec: unknown;
  /** For its children: a plugin that is not built in may start jobs of its own types. Those of others are found as by every verb. */
  readonly plugins: readonly SourcedPlugin[];
}

async function load({ reference, spec }: CodeOrder): Promise<Loaded> {
  const { type, plugin } = await loadJobType(reference);
  const checked = await type.spec['~standard'].validate(spec);
  if (checked.issues !== undefined) {
    const [issue] = checked.issues as readonly SpecIssue[];
    throw new JobError({ code: issue?.code ?? 'DefinitionValueInvalid', message: issue?.message ?? 'the spec is not valid' });
  }
  return { type, spec: checked.value, plugins: (reference.module ?? reference.folder) === undefined ? [] : [plugin] };
}

/** A type that fails as the loading did: so it is told like every other end before the beginning. */
function failure({ reference }: CodeOrder, cause: unknown): Loaded {
  const type = { name: reference.type, runs: 'code', capabilities: {}, prepare: () => Promise.reject(cause as Error) };
  return { type: type as unknown as AnyCodeJobType, spec: undefined, plugins: [] };
}

async function runOrder(order: CodeOrder, spec: unknown, secrets: SecretValues): Promise<CodeRunOrder> {
  const { reference, instance, origin, argumentList, workingDirectory, gracePeriod, runFolder, token } = order;
  const checkpoint = readCheckpoint(runFolder);
  const folder = join(runFolder, CODE_FILES.data);
  const file = inputFile(order);
  mkdirSync(folder, { mode: 0o700, recursive: true });
  return {
    plugin: reference.plugin, instance, origin, spec, argumentList, workingDirectory, gracePeriod, folder, secrets, input: readInput(order),
    environment: Object.fromEntries(Object.entries(process.env).filter((entry): entry is [string, string] => entry[1] !== undefined)),
    ...(file === undefined ? {} : { inputFile: file }),
    ...(token === undefined ? {} : { token: token as ReattachToken }),
    ...(checkpoint === undefined ? {} : { restored: JSON.parse(checkpoint) as unknown }),
  };
}

/** What is wrong and ends nothing goes where the plugin's own noise goes: it is no record. */
function tell(warning: unknown): void {
  const text = isJobError(warning) ? `${warning.code}: ${warning.message}` : warning instanceof Error ? (warning.stack ?? warning.message) : String(warning);
  try {
    writeSync(2, `nightshift: ${text}\n`);
  } catch {
    // A full disk: there is nobody left to tell.
  }
}

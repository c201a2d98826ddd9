import { mkdirSync, mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  API_VERSION, asciiLower, STREAM_NAMES, type AnyJobType, type BrokenDefinition, type Definition, type DefinitionSource, type Instance, type JobError,
  type JobState, type JobTypePlugin, type NewInstance, type SourceFiles, type SpecResult, type SpecSchema, type StoredRecord, type Transition,
} from '@nightshift/sdk';
import { createIdCounter, durableLayout, openEmbeddedStore, sessionLayout, type EmbeddedStore } from '@nightshift/store';
import { expect, onTestFinished } from 'vitest';
import { createJobHost, createRegistry, cutRecord, type CoreParts, type JobHost, type JobView, type ReceiveRequest, type Registry, type SpecRequest, type StartRequest } from '../src/index.ts';
import { lookAgain, type Selected } from '../src/query.ts';
import { HERE, Machine } from './machine.ts';
import { TestClock } from './test-clock.ts';

/** What a test job runs. */
export interface TestSpec {
  readonly argv: readonly [string, ...string[]];
  readonly commandText?: string;
  readonly scriptFile?: string;
  readonly workingDirectory?: string;
  readonly successExitCodes?: readonly number[];
  readonly streamCommands?: boolean;
  readonly mergeStreams?: boolean;
  readonly outputFormat?: 'lines' | 'ndjson';
  readonly timeout?: number;
  readonly gracePeriod?: number;
  readonly initializes?: boolean;
  readonly commandWords?: readonly string[];
  readonly secrets?: Readonly<Record<string, string>>;
}

const takesArgv: SpecSchema<TestSpec> = {
  '~standard': {
    version: 1,
    vendor: 'test',
    validate: (value): SpecResult<TestSpec> =>
      Array.isArray((value as Partial<TestSpec> | null)?.argv) ? { value: value as TestSpec } : { issues: [{ message: 'it has no "argv"', path: ['argv'], hint: 'write argv: [true]' }] },
  },
};

const takesInner: SpecSchema<{ readonly type: string }> = {
  '~standard': { version: 1, vendor: 'test', validate: (value) => ({ value: value as { type: string } }) },
};

/** Runs a program, and can be kept. */
export const shellJob: AnyJobType = {
  name: 'ShellJob', aliases: ['PSShell'], description: 'Runs a program.', runs: 'command', capabilities: { persist: true }, spec: takesArgv,
  command: ({ spec }: { readonly spec: TestSpec }) => spec,
};

/** Runs a program, and is gone with the session. */
export const briefJob: AnyJobType = { ...shellJob, name: 'BriefJob', aliases: [], capabilities: {} } as AnyJobType;

/** Puts triggers around a job of another type. */
export const timedJob: AnyJobType = {
  name: 'TimedJob', aliases: ['PSTimed'], description: 'Runs a job when it is due.', runs: 'delegate', capabilities: { persist: true, triggers: true }, spec: takesInner,
  delegate: ({ spec }: { readonly spec: { readonly type: string } }) => ({ type: spec.type, spec }),
};

/** Runs JavaScript. */
export const codeJob: AnyJobType = {
  name: 'CodeJob', description: 'Runs a function.', runs: 'code', capabilities: {}, spec: takesArgv,
  prepare: () => Promise.reject(new Error('nobody prepares it here')),
};

export function pluginOf(name: string, ...jobTypes: readonly AnyJobType[]): JobTypePlugin {
  return { name, version: '1.0.0', apiVersion: API_VERSION, jobTypes };
}

export const testTypes: Registry = createRegistry([pluginOf('nightshift-plugin-test', shellJob, briefJob, timedJob, codeJob)]);

/** Definitions that lie in memory instead of in files. */
/** Of tests in which no source reads. */
export const NO_FILES: SourceFiles = { read: () => Promise.reject(new Error('nobody reads')) };

export function definitionsOf(...found: readonly (Definition | BrokenDefinition)[]): DefinitionSource {
  return {
    places: ['/project/definitions'],
    find: async (name) => found.filter((one) => asciiLower(one.name) === asciiLower(name)),
    async *list() {
      yield* found;
    },
  };
}

export function definitionOf(facts: Partial<Definition> = {}): Definition {
  const name = facts.name ?? 'Nightly';
  return { key: `project/${asciiLower(name)}`, name, type: 'ShellJob', location: `/project/definitions/${name}.yaml`, baseFolder: '/project/definitions', spec: { argv: ['true'] }, ...facts };
}

/** A core on a real store in a folder of its own, on a machine and a clock of the test's. */
export interface Workbench {
  readonly parts: CoreParts;
  readonly host: JobHost;
  readonly machine: Machine;
  readonly clock: TestClock;
  readonly session: EmbeddedStore;
  readonly folder: string;
  /** Made at the first call, as by the first job that is kept. */
  durable(): EmbeddedStore;
  plan(facts?: Partial<NewInstance>): NewInstance;
  /** A job without runs of its own, so that it stays in whatever state it is put. */
  put(facts?: Partial<NewInstance> & { readonly state?: JobState; readonly endTime?: Date }, store?: EmbeddedStore): Promise<Instance>;
  /** A parent and that many children, each with a run that nobody has claimed. */
  family(children: number): Promise<readonly [parent: Instance, ...children: Instance[]]>;
  /** Starts a command; its one child, which runs, comes with it. */
  start(spec?: Partial<TestSpec>, request?: Partial<StartRequest>): Promise<{ readonly view: JobView; readonly run: Instance }>;
  fresh(instance: Instance): Promise<Instance>;
  selected(id: number): Promise<Selected>;
}

export function createWorkbench(options: { readonly types?: Registry; readonly definitions?: DefinitionSource } = {}): Workbench {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'core-')));
  mkdirSync(join(folder, 'session'));
  const ids = createIdCounter(folder);
  const session = openEmbeddedStore({ root: join(folder, 'session'), layout: sessionLayout, synchronous: 'OFF', durable: false }, { ids, cutRecord });
  let durable: EmbeddedStore | undefined;
  const openDurable = (): EmbeddedStore => (durable ??= openEmbeddedStore({ root: folder, layout: durableLayout, synchronous: 'FULL', durable: true }, { ids, cutRecord, processes: { me: () => HERE, isAlive: () => machine.launcherAlive } }));
  onTestFinished(() => {
    session.close();
    if (durable?.database.isOpen === true) durable.close();
    ids.close();
    rmSync(folder, { recursive: true, force: true });
  });
  const clock = new TestClock();
  const machine = new Machine(clock);
  let made = 0;
  const newInstanceId = (): string => uuid7(clock.now(), ++made);
  const parts: CoreParts = {
    stores: { session: () => session, durable: () => durable, openDurable },
    launcher: machine,
    clock,
    types: options.types ?? testTypes,
    newInstanceId,
    definitions: async () => ({ source: options.definitions ?? definitionsOf(), files: NO_FILES, checkPaths: async () => {} }),
  };
  const host = createJobHost(parts);
  const storeOf = async (id: number): Promise<EmbeddedStore> => ((await session.find({ ids: [id] })).length > 0 ? session : openDurable());
  const plan: Workbench['plan'] = (facts = {}) => ({ instanceId: newInstanceId(), type: 'ShellJob', command: 'true', origin: { kind: 'demand', runNow: false }, ...facts });
  return {
    parts, host, machine, clock, session, folder, plan,
    durable: openDurable,
    async put({ state = 'NotStarted', endTime, ...facts } = {}, store = session) {
      const [instance] = (await store.insert(plan(facts), [])) as [Instance];
      if (state === 'NotStarted') return instance;
      await store.transition([{ instanceId: instance.instanceId, from: ['NotStarted'], to: state, ...(endTime === undefined ? {} : { endTime }) }]);
      return ((await store.find({ ids: [instance.id] })) as [Instance])[0];
    },
    async family(count) {
      const parent = plan();
      const children = Array.from({ length: count }, () => plan({ origin: { kind: 'parent' } as never, run: { holder: HERE, carries: parent.instanceId } }));
      return (await session.insert(parent, children)) as readonly [Instance, ...Instance[]];
    },
    async start(spec = {}, request = {}) {
      const view = await host.startJob({ ...startOf(spec), ...request });
      const store = await storeOf(view.id);
      const [run] = (await store.find({ parentIds: [view.id] })) as [Instance];
      return { view, run };
    },
    async fresh({ id }) {
      return ((await (await storeOf(id)).find({ ids: [id] })) as [Instance])[0];
    },
    async selected(id) {
      const store = await storeOf(id);
      const [instance] = (await store.find({ ids: [id] })) as [Instance];
      return (await lookAgain(parts, { instance, children: [], store }, [])) as Selected;
    },
  };
}

/** A start of a command of the type `ShellJob`. */
export function startOf(spec: Partial<TestSpec> = {}, type = 'ShellJob'): StartRequest & { readonly what: SpecRequest } {
  return { what: { type, spec: { argv: ['true'], ...spec } }, callerDirectory: '/home/me', warn: () => {} };
}

/** A change that any state permits: for tests that need a state, not the way to it. */
export function changeOf(instance: Instance, to: JobState, facts: Partial<Transition> = {}): Transition {
  return { instanceId: instance.instanceId, from: [instance.state], to, ...facts };
}

/** Receives what there is and moves the cursor, as receive-job does: each record as `stream value`. */
export async function receiveAll(bench: Workbench, id: number, request: Partial<ReceiveRequest> = {}): Promise<string[]> {
  const receiving = await bench.host.receiveJobs({ ids: [id] }, { streams: STREAM_NAMES, from: 'cursor', keep: false, ...request });
  const records: string[] = [];
  for await (const batch of receiving.batches) records.push(...batch.records.map(brief));
  await receiving.commit();
  return records;
}

/** `output one`, `error oh`. */
export function brief({ stream, value }: StoredRecord): string {
  const text = typeof value === 'object' && value !== null && 'message' in value ? value.message : value;
  return `${stream} ${typeof text === 'string' ? text : JSON.stringify(text)}`;
}

/** An error that is expected, by its code and a part of its sentence. */
export function jobError(code: string, part = ''): JobError {
  return expect.objectContaining({ code, message: expect.stringContaining(part) as string }) as JobError;
}

/** The instance id of a moment; `last` tells those of one moment apart. */
export function uuid7(moment: Date, last: number): string {
  const time = moment.getTime().toString(16).padStart(12, '0');
  return `${time.slice(0, 8)}-${time.slice(8)}-7000-8000-${last.toString(16).padStart(12, '0')}`;
}

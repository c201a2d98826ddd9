/**
 * Every planned job type, written against the contract as it stands. Compiled, never run: what a type cannot say here,
 * the contract does not carry. Programs, workers and connections are declared only; `schemaOf` stands for any schema.
 */
import {
  API_VERSION,
  asciiLower,
  type BrokenDefinition,
  type Capabilities,
  type ChildJob,
  type ChildJobRequest,
  type CodeJobType,
  type Definition,
  type DefinitionSource,
  defineCodeJobType,
  defineCommandJobType,
  defineDelegateJobType,
  definePlugin,
  JobError,
  type JobContext,
  type JobIdentity,
  type JobOrigin,
  type JobOutcome,
  type JobRun,
  type JobStreams,
  type JobTypePlugin,
  type ReattachToken,
  type SpecSchema,
  type StopReason,
  type StreamName,
  type StreamRecords,
} from '@nightshift/sdk';

declare function schemaOf<Spec>(): SpecSchema<Spec>;

// ---------------------------------------------------------------- BackgroundJob: command

interface BackgroundSpec {
  readonly command: readonly [string, ...string[]];
  readonly argumentList?: readonly string[];
  readonly initializationScript?: string;
  readonly environment?: Readonly<Record<string, string>>;
  readonly secrets?: Readonly<Record<string, string>>;
  readonly credential?: string;
  readonly outputFormat?: 'text' | 'ndjson';
}

const background = defineCommandJobType({
  name: 'BackgroundJob',
  description: 'Runs a program.',
  runs: 'command',
  capabilities: { persist: true },
  spec: schemaOf<BackgroundSpec>(),
  command: ({ spec, argumentList }) => ({
    argv: [...spec.command, ...(spec.argumentList ?? []), ...argumentList.map(String)],
    outputFormat: spec.outputFormat === 'ndjson' ? 'ndjson' : 'lines',
    ...(spec.environment !== undefined && { environment: spec.environment }),
    ...(spec.secrets !== undefined && { secrets: spec.secrets }),
    ...(spec.credential !== undefined && { user: spec.credential }),
  }),
});

// ---------------------------------------------------------------- ScheduledJob: delegate

const scheduled = defineDelegateJobType({
  name: 'ScheduledJob',
  aliases: ['PSScheduledJob'],
  description: 'Runs another job when it is due.',
  runs: 'delegate',
  capabilities: { persist: true, triggers: true },
  spec: schemaOf<{ readonly type: string; readonly inner: unknown }>(),
  delegate: ({ spec }): ChildJobRequest => ({ type: spec.type, spec: spec.inner }),
});

// ---------------------------------------------------------------- ThreadJob: code in a worker

interface ThreadSpec {
  readonly scriptBlock: string;
  readonly initializationScript?: string;
  /** Which pool, and its limit from now on: the host queues, a run is prepared when a slot is free. */
  readonly pool: string;
  readonly throttleLimit?: number;
}

/** A worker thread that evaluates a body with what the body may see. */
interface ThreadWorker {
  /** Messages of the worker: records in true order, then the value or the error. */
  readonly messages: AsyncIterable<{ [Name in StreamName]: { readonly stream: Name; readonly value: StreamRecords[Name] } }[StreamName]>;
  readonly result: Promise<unknown>;
  post(message: { readonly input: unknown } | { readonly stop: StopReason }): void;
  terminate(): Promise<void>;
}
declare function startWorker(spec: ThreadSpec, facts: { args: readonly unknown[]; env: Readonly<Record<string, string>>; cwd: string }): ThreadWorker;

/** One record of whichever stream. */
async function forward<Name extends StreamName>(streams: JobStreams, record: { readonly stream: Name; readonly value: StreamRecords[Name] }): Promise<void> {
  await streams[record.stream].write(record.value);
}

async function forwardAll(messages: ThreadWorker['messages'], streams: JobStreams): Promise<void> {
  for await (const record of messages) await forward(streams, record);
}

async function feed(input: AsyncIterable<unknown>, worker: ThreadWorker): Promise<void> {
  for await (const value of input) worker.post({ input: value });
}

const thread = defineCodeJobType({
  name: 'ThreadJob',
  description: 'Runs JavaScript in a worker thread of a pool.',
  runs: 'code',
  capabilities: { kill: true, persist: true },
  spec: schemaOf<ThreadSpec>(),
  async prepare({ spec, argumentList, environment, workingDirectory, input, streams, signal }) {
    const worker = startWorker(spec, { args: argumentList, env: environment, cwd: workingDirectory });
    signal.addEventListener('abort', () => worker.post({ stop: signal.reason as StopReason }));
    return {
      async start(): Promise<JobOutcome> {
        await Promise.all([feed(input, worker), forwardAll(worker.messages, streams)]);
        const value = await worker.result; // a thrown error rejects: Failed, with exactly its message
        if (signal.aborted) return { state: 'Stopped', reason: signal.reason as StopReason };
        if (value !== undefined) await streams.output.write(value);
        return { state: 'Completed' };
      },
      kill: () => worker.terminate(),
      [Symbol.asyncDispose]: () => worker.terminate(),
    };
  },
});

// ---------------------------------------------------------------- WorkflowJob: code with suspend, checkpoints and children

interface WorkflowStep {
  readonly name: string;
  readonly needs: readonly string[];
  readonly job: unknown;
  readonly suspend?: true;
}
interface WorkflowCheckpoint {
  readonly done: readonly string[];
  readonly variables: Readonly<Record<string, string>>;
}
declare const nextStep: (steps: readonly WorkflowStep[], done: readonly string[]) => WorkflowStep | undefined;
declare const withVariables: (job: unknown, variables: Readonly<Record<string, string>>) => unknown;
declare const readVariables: (child: ChildJob) => Promise<Readonly<Record<string, string>>>;
declare const gate: () => { pass(): Promise<void>; close(): Promise<void>; open(): void };

const workflow = defineCodeJobType({
  name: 'WorkflowJob',
  aliases: ['PSWorkflowJob'],
  description: 'Runs steps in order and goes on after the last one that was done.',
  runs: 'code',
  capabilities: { suspend: true, persist: true },
  spec: schemaOf<{ readonly steps: readonly WorkflowStep[]; readonly checkpoint: boolean }>(),
  async prepare(context) {
    const between = gate();
    let { done, variables }: WorkflowCheckpoint = (context.restored as WorkflowCheckpoint | undefined) ?? { done: [], variables: {} };
    if (!context.spec.checkpoint) await context.streams.warning.write('this workflow has no checkpoints and cannot be suspended');
    return {
      async start(): Promise<JobOutcome> {
        for await (const child of context.children()) await child.finished; // steps that an earlier host began
        for (let step = nextStep(context.spec.steps, done); step !== undefined; step = nextStep(context.spec.steps, done)) {
          await between.pass();
          if (context.signal.aborted) return { state: 'Stopped', reason: context.signal.reason as StopReason };
          const child = await context.startChild({ type: 'BackgroundJob', name: step.name, spec: withVariables(step.job, variables) });
          const outcome = await child.finished;
          if (outcome.state !== 'Completed') return { state: 'Failed', error: new Error(`step "${step.name}" ended ${outcome.state}`) };
          done = [...done, step.name];
          variables = { ...variables, ...(await readVariables(child)) };
          await context.checkpoint({ done, variables } satisfies WorkflowCheckpoint);
        }
        return { state: 'Completed' };
      },
      async suspend() {
        if (!context.spec.checkpoint) throw new JobError({ code: 'CheckpointNotPossible', message: 'this workflow has no checkpoints' });
        await between.close();
      },
      async resume() {
        between.open();
      },
      [Symbol.asyncDispose]: async () => {},
    };
  },
});

/** A step `suspend: true` asks for what suspend-job asks for. */
export function suspendItself(context: JobContext<unknown>): void {
  context.requestSuspend('step "approve"');
}

/** A step whose needs failed is a child that never runs. */
export function skipStep(step: WorkflowStep): ChildJobRequest {
  return { type: 'BackgroundJob', spec: step.job, failedDependency: 'the step before it failed' };
}

// ---------------------------------------------------------------- RemoteJob: code with reattach, a child per computer

interface RemoteSpec {
  readonly computerName: readonly string[];
  readonly command: readonly string[];
  readonly throttleLimit: number;
}

/** A command on another computer that keeps its own books there. */
interface RemoteCommand extends AsyncDisposable {
  /** Computer and folder, as text. */
  readonly address: string;
  readonly output: AsyncIterable<{ readonly stream: 'output' | 'error'; readonly text: string }>;
  readonly exit: Promise<{ readonly exitCode?: number; readonly signal?: string }>;
  begin(input: AsyncIterable<unknown>): Promise<void>;
  end(signal: 'SIGTERM' | 'SIGKILL'): Promise<void>;
}
declare function connect(computer: string, spec: RemoteSpec): Promise<RemoteCommand>;
declare function reconnect(address: string): Promise<RemoteCommand>;
declare function inParallel<Item, Result>(items: readonly Item[], limit: number, act: (item: Item) => Promise<Result>): Promise<readonly Result[]>;

const FAN_OUT = 'parent' as ReattachToken;

async function runRemote(command: RemoteCommand, context: JobContext<RemoteSpec>): Promise<JobOutcome> {
  context.signal.addEventListener('abort', () => void command.end('SIGTERM'));
  for await (const { stream, text } of command.output) {
    await (stream === 'output' ? context.streams.output.write(text) : context.streams.error.write({ message: text }));
  }
  const { exitCode, signal } = await command.exit;
  if (context.signal.aborted) return { state: 'Stopped', reason: context.signal.reason as StopReason };
  if (exitCode === 0) return { state: 'Completed', exitCode };
  return { state: 'Failed', error: new Error('the remote command failed'), ...(exitCode !== undefined && { exitCode }), ...(signal !== undefined && { signal }) };
}

/** The run of one computer; a connection that cannot be made rejects in prepare: Failed (spawn). */
function leafRun(command: RemoteCommand, context: JobContext<RemoteSpec>, begun: boolean): JobRun<{ reattach: true; kill: true }> {
  return {
    token: command.address as ReattachToken,
    async start() {
      if (!begun) await command.begin(context.input);
      return runRemote(command, context);
    },
    kill: () => command.end('SIGKILL'),
    async [Symbol.asyncDispose]() {
      await command[Symbol.asyncDispose]();
    },
  };
}

/** The run of the parent: it only starts children and waits; its state is theirs. */
function parentRun(context: JobContext<RemoteSpec>, begun: boolean): JobRun<{ reattach: true; kill: true }> {
  const children: ChildJob[] = [];
  const startOn = async (computer: string): Promise<JobOutcome> => {
    const child = await context.startChild({ type: 'RemoteJob', spec: { ...context.spec, computerName: [computer] }, location: computer });
    children.push(child);
    return child.finished;
  };
  return {
    token: FAN_OUT,
    async start() {
      if (begun) for await (const child of context.children()) children.push(child);
      const outcomes = begun ? await Promise.all(children.map((child) => child.finished)) : await inParallel(context.spec.computerName, context.spec.throttleLimit, startOn);
      return outcomes.find((outcome) => outcome.state !== 'Completed') ?? { state: 'Completed' };
    },
    kill: async (reason) => void (await Promise.all(children.map((child) => child.stop(reason)))),
    [Symbol.asyncDispose]: async () => {},
  };
}

const remote = defineCodeJobType({
  name: 'RemoteJob',
  description: 'Runs a command on other computers.',
  runs: 'code',
  capabilities: { reattach: true, kill: true },
  spec: schemaOf<RemoteSpec>(),
  async prepare(context) {
    const [computer, ...others] = context.spec.computerName;
    if (computer === undefined || others.length > 0 || context.origin.kind !== 'parent') return parentRun(context, false);
    return leafRun(await connect(computer, context.spec), context, false);
  },
  async reattach(context, token) {
    return token === FAN_OUT ? parentRun(context, true) : leafRun(await reconnect(token), context, true);
  },
});

/** A connection is lost while the host lives: the command runs on, the job is Disconnected. */
export function loseConnection(context: JobContext<RemoteSpec>): void {
  context.disconnected('no answer from the computer');
  context.reconnected();
}

// ---------------------------------------------------------------- stdio: code types from a manifest

type StdioSpec = Readonly<Record<string, unknown>>;
type Everything = { suspend: true; kill: true; reattach: true; input: true };

/** `nightshift-plugin.json`; its capabilities are data, so the run has every method and the host asks for the declared ones. */
interface StdioManifest {
  readonly name: string;
  readonly version: string;
  readonly apiVersion: typeof API_VERSION;
  readonly jobTypes: readonly {
    readonly name: string;
    readonly description: string;
    readonly capabilities: Capabilities;
    readonly argv: readonly [string, ...string[]];
    readonly schema?: string;
  }[];
}
type ToProgram =
  | { readonly type: 'prepare'; readonly jobType: string; readonly instance: JobIdentity; readonly origin: JobOrigin; readonly spec: unknown; readonly argumentList: readonly unknown[]; readonly workingDirectory: string; readonly token?: string }
  | { readonly type: 'start' | 'inputEnd' | 'suspend' | 'resume' | 'dispose' }
  | { readonly type: 'input'; readonly value: unknown }
  | { readonly type: 'stop' | 'kill'; readonly reason: StopReason }
  | { readonly type: 'unblock'; readonly input: unknown }
  | { readonly type: 'childStarted'; readonly ref: string; readonly job: Pick<JobIdentity, 'id' | 'instanceId' | 'name'> }
  | { readonly type: 'childFinished'; readonly ref: string; readonly outcome: JobOutcome };
type FromProgram =
  | { readonly type: 'record'; readonly record: { [Name in StreamName]: { readonly stream: Name; readonly value: StreamRecords[Name] } }[StreamName] }
  | { readonly type: 'blocked'; readonly prompt: string }
  | { readonly type: 'startChild'; readonly ref: string; readonly jobType: string; readonly name?: string; readonly spec: unknown }
  | { readonly type: 'stopChild'; readonly ref: string; readonly reason?: string }
  | { readonly type: 'outcome'; readonly outcome: JobOutcome };
interface StdioProgram extends AsyncDisposable {
  readonly messages: AsyncIterable<FromProgram>;
  send(message: ToProgram): Promise<void>;
  /** Sends, and waits for the answer of that name. */
  ask(message: ToProgram, answer: 'prepared' | 'suspended' | 'resumed'): Promise<{ readonly token?: string }>;
}
declare function spawnProgram(argv: readonly [string, ...string[]], environment: Readonly<Record<string, string>>): Promise<StdioProgram>;

async function listen(program: StdioProgram, context: JobContext<StdioSpec>): Promise<JobOutcome> {
  const children = new Map<string, ChildJob>();
  for await (const message of program.messages) {
    switch (message.type) {
      case 'record':
        await forward(context.streams, message.record);
        break;
      case 'blocked':
        context.blocked(message.prompt);
        break;
      case 'startChild': {
        const child = await context.startChild({ type: message.jobType, spec: message.spec, ...(message.name !== undefined && { name: message.name }) });
        children.set(message.ref, child);
        await program.send({ type: 'childStarted', ref: message.ref, job: child });
        break;
      }
      case 'stopChild':
        await children.get(message.ref)?.stop(message.reason);
        break;
      case 'outcome':
        return message.outcome;
    }
  }
  return { state: 'Failed', error: new JobError({ code: 'StdioProtocolViolation', message: 'the program ended without an outcome' }) };
}

async function tell(program: StdioProgram, input: AsyncIterable<unknown>): Promise<void> {
  for await (const value of input) await program.send({ type: 'input', value });
  await program.send({ type: 'inputEnd' });
}

function stdioType(folder: string, { name, description, capabilities, argv }: StdioManifest['jobTypes'][number]): CodeJobType<StdioSpec, Capabilities> {
  const runOf = async (context: JobContext<StdioSpec>, before?: ReattachToken): Promise<JobRun<Everything>> => {
    const { instance, origin, spec, argumentList, workingDirectory, signal, environment, secrets, input } = context;
    const program = await spawnProgram([`${folder}/${argv[0]}`, ...argv.slice(1)], { ...environment, ...secrets });
    const { token = '' } = await program.ask({ type: 'prepare', jobType: name, instance, origin, spec, argumentList, workingDirectory, ...(before !== undefined && { token: before }) }, 'prepared');
    signal.addEventListener('abort', () => void program.send({ type: 'stop', reason: signal.reason as StopReason }));
    return {
      token: token as ReattachToken,
      async start() {
        await program.send({ type: 'start' });
        const [outcome] = await Promise.all([listen(program, context), tell(program, input)]);
        return outcome;
      },
      kill: (reason) => program.send({ type: 'kill', reason }),
      suspend: async () => void (await program.ask({ type: 'suspend' }, 'suspended')),
      resume: async () => void (await program.ask({ type: 'resume' }, 'resumed')),
      unblock: (answer) => program.send({ type: 'unblock', input: answer }),
      async [Symbol.asyncDispose]() {
        await program[Symbol.asyncDispose]();
      },
    };
  };
  return { name, description, runs: 'code', capabilities, spec: schemaOf<StdioSpec>(), prepare: (context) => runOf(context), reattach: runOf };
}

const stdioPlugin = (folder: string, manifest: StdioManifest): JobTypePlugin =>
  definePlugin({ name: manifest.name, version: manifest.version, apiVersion: manifest.apiVersion, jobTypes: manifest.jobTypes.map((type) => stdioType(folder, type)) });

/** The protocol's `stop` says how long the program has. */
export function timeToStop(context: JobContext<StdioSpec>): number {
  return context.gracePeriod;
}

// ---------------------------------------------------------------- CrontabJob: command with definitions of its own

interface CrontabSpec {
  readonly line: string;
  readonly input: readonly string[];
  readonly variables: Readonly<Record<string, string>>;
}
declare function readCrontab(file: string): AsyncIterable<Definition | BrokenDefinition>;
declare function changesOf(file: string, signal: AbortSignal): AsyncIterable<{ readonly name: string }>;

const crontabLines: DefinitionSource = {
  async find(name, path) {
    const found: (Definition | BrokenDefinition)[] = [];
    for await (const entry of readCrontab(path ?? '/etc/crontab')) if (asciiLower(entry.name) === asciiLower(name)) found.push(entry);
    return found;
  },
  list: (path) => readCrontab(path ?? '/etc/crontab'),
  watch: (path, signal) => changesOf(path ?? '/etc/crontab', signal),
};

/** Line 7 of a file, as its source would answer. Its times are for a ScheduledJob around it: a command type has no triggers. */
export const crontabLine: Definition = {
  key: 'crontab/backup',
  name: 'backup',
  type: 'CrontabJob',
  location: '/etc/crontab:7',
  baseFolder: '/root',
  spec: { line: 'backup --all', input: [], variables: { MAILTO: '' } } satisfies CrontabSpec,
  warnings: [{ code: 'DefinitionValueInvalid', message: 'MAILTO has no equal here', file: '/etc/crontab', line: 2 }],
  place: () => ({ file: '/etc/crontab', line: 7, column: 1, excerpt: { text: '0 3 * * * root backup --all', length: 27 } }),
};

const crontab = defineCommandJobType({
  name: 'CrontabJob',
  description: 'Runs a line of a crontab.',
  runs: 'command',
  capabilities: { persist: true },
  spec: schemaOf<CrontabSpec>(),
  definitions: crontabLines,
  command: ({ spec }) => ({ argv: ['sh', '-c', spec.line], commandText: spec.line, environment: spec.variables, input: spec.input, mergeStreams: true, streamCommands: false }),
});

// ---------------------------------------------------------------- all of them fit one plugin list

declare const manifest: StdioManifest;
export const planned: readonly JobTypePlugin[] = [
  definePlugin({ name: 'nightshift-plugin-planned', version: '1.0.0', apiVersion: API_VERSION, jobTypes: [background, scheduled, thread, workflow, remote, crontab] }),
  stdioPlugin('/srv/plugins/disk-space', manifest),
];

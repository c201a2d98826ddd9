// Proves what the contract infers: what is declared must be returned, and what is not declared need not be.
// Compiled, never run: each @ts-expect-error is a case that must not compile.
import {
  API_VERSION,
  type BrokenDefinition,
  type Clock,
  type CommandLine,
  type Definition,
  defineCodeJobType,
  defineCommandJobType,
  defineDelegateJobType,
  definePlugin,
  isBroken,
  isJobError,
  JobError,
  type JobContext,
  type JobRun,
  type JobState,
  type JobStore,
  type JobTypePlugin,
  type SpecIssue,
  type SpecSchema,
  START,
  type StoredRecord,
} from '@nightshift/sdk';

type Script = { filePath: string; argumentList: string[] };

/** Standard Schema v1 as standardschema.dev spells it, which zod, valibot and arktype implement. */
interface StandardSchemaV1<Input, Output> {
  readonly '~standard': {
    readonly version: 1;
    readonly vendor: string;
    readonly validate: (value: unknown) => StandardResult<Output> | Promise<StandardResult<Output>>;
    readonly types?: { readonly input: Input; readonly output: Output } | undefined;
  };
}
type StandardResult<Output> =
  | { readonly value: Output; readonly issues?: undefined }
  | { readonly issues: readonly { readonly message: string; readonly path?: readonly (PropertyKey | { readonly key: PropertyKey })[] | undefined }[] };

declare const standard: StandardSchemaV1<unknown, Script>;
const spec: SpecSchema<Script> = standard; // any Standard Schema fits

// ---------------------------------------------------------------- what must compile

const scripts = defineCommandJobType({
  name: 'ScriptJob', description: 'Runs one file.', runs: 'command', capabilities: { persist: true }, spec,
  command: ({ spec, workingDirectory }) => ({ argv: [spec.filePath, ...spec.argumentList], workingDirectory, successExitCodes: [0, 3] }),
});
const notes = defineCodeJobType({
  name: 'NoteJob', description: 'Writes one line.', runs: 'code', capabilities: {}, spec,
  prepare: async (context) => ({
    start: async () => {
      await context.streams.progress.write({ activity: context.spec.filePath, percent: 100 });
      return { state: 'Completed' };
    },
    [Symbol.asyncDispose]: async () => {},
  }),
});
const pausable = defineCodeJobType({
  name: 'CopyJob', description: 'Copies files.', runs: 'code', capabilities: { suspend: true, kill: true, input: true }, spec,
  prepare: async () => ({
    start: async () => ({ state: 'Failed', error: new Error('disk full'), exitCode: 28 }),
    suspend: async (_reason) => {},
    resume: async () => {},
    kill: async (_reason) => {},
    unblock: async (_input) => {},
    [Symbol.asyncDispose]: async () => {},
  }),
});
const nightly = defineDelegateJobType({
  name: 'NightlyJob', description: 'Runs a script at night.', runs: 'delegate', capabilities: { persist: true, triggers: true }, spec,
  delegate: ({ spec }) => ({ type: 'ScriptJob', spec }),
});
const steps = defineCodeJobType({
  name: 'StepsJob', description: 'Goes on where it was.', runs: 'code', capabilities: { persist: true }, spec,
  prepare: async (context) => ({
    start: async () => {
      for await (const child of context.children()) await child.finished;
      await context.checkpoint({ done: context.restored, in: context.environment['HOME'], as: Object.keys(context.secrets) });
      return { state: 'Completed' };
    },
    [Symbol.asyncDispose]: async () => {},
  }),
});
definePlugin({ name: 'nightshift-plugin-example', version: '1.0.0', apiVersion: API_VERSION, jobTypes: [scripts, notes, pausable, nightly, steps] });

const line: CommandLine = { argv: ['cat'], input: ['a', 'b'], mergeStreams: true, streamCommands: false, secrets: { TOKEN: 'env:REPORT_TOKEN' }, user: 'backup', environment: { CI: null } };
const definition: Definition = { key: 'app/nightly', name: 'Nightly', type: 'NightlyJob', location: 'definitions/Nightly.yaml', spec: {}, enabled: true, timeZone: 'Europe/Berlin', maxResultCount: 12 };
const issue: SpecIssue = { message: 'unknown', code: 'DefinitionKeyUnknown', hint: 'did you mean "b"?', path: ['a', 0, { key: 'c' }], at: 'key' };

declare const found: Definition | BrokenDefinition;
const complaints: number = isBroken(found) ? found.errors.length : found.key.length;

declare const thrown: unknown;
const code: string | undefined = isJobError(thrown) ? thrown.code : undefined;

// ---------------------------------------------------------------- what must not

defineCodeJobType({
  name: 'Liar', description: 'Says suspend, returns none.', runs: 'code', capabilities: { suspend: true }, spec,
  // @ts-expect-error suspend and resume are missing
  prepare: async () => ({ start: async () => ({ state: 'Completed' }), [Symbol.asyncDispose]: async () => {} }),
});
defineCodeJobType({
  name: 'Forgetful', description: 'Says reattach, returns no token.', runs: 'code', capabilities: { reattach: true }, spec,
  // @ts-expect-error token is missing
  prepare: async () => ({ start: async () => ({ state: 'Completed' }), [Symbol.asyncDispose]: async () => {} }),
});
defineCodeJobType({
  name: 'Leaky', description: 'Releases nothing.', runs: 'code', capabilities: {}, spec,
  // @ts-expect-error every run can be disposed of
  prepare: async () => ({ start: async () => ({ state: 'Completed' }) }),
});
// @ts-expect-error a plugin of another contract version
definePlugin({ name: 'old', version: '0.1.0', apiVersion: 2, jobTypes: [] });
defineCommandJobType({
  name: 'Empty', description: 'Has no program.', runs: 'command', capabilities: {}, spec,
  // @ts-expect-error argv needs a program
  command: () => ({ argv: [] }),
});
// @ts-expect-error a command type cannot claim what comes with the process
defineCommandJobType({ name: 'Greedy', description: '', runs: 'command', capabilities: { suspend: true }, spec, command: () => ({ argv: ['true'] }) });
// @ts-expect-error a delegate has its child's abilities and claims none
defineDelegateJobType({ name: 'Greedy', description: '', runs: 'delegate', capabilities: { kill: true }, spec, delegate: () => ({ type: 'ScriptJob', spec: {} }) });
// @ts-expect-error a code type has no command
defineCodeJobType({ name: 'Mixed', description: '', runs: 'code', capabilities: {}, spec, command: () => ({ argv: ['true'] }) });

declare const context: JobContext<{ filePath: string }>;
// @ts-expect-error progress takes a ProgressRecord
void context.streams.progress.write('half way');
// @ts-expect-error the spec is typed
void context.spec.filePaht;
// @ts-expect-error restored is read, never written
context.restored = 1;
void context.startChild({ command: { argv: ['ssh', 'web1'], reattach: ['ssh', 'web1', 'again'] }, location: 'web1' });
// @ts-expect-error what takes work up again is a program
void context.startChild({ command: { argv: ['ssh', 'web1'], reattach: [] } });
// @ts-expect-error a child names its type
void context.startChild({ spec: {} });
// @ts-expect-error time is asked of the clock, in milliseconds
void context.clock.sleep('1s');
declare const run: JobRun<{}>;
// @ts-expect-error a run without kill has no kill
void run.kill;
// @ts-expect-error a run never sets its state: an outcome is one of three
const running: Awaited<ReturnType<JobRun['start']>> = { state: 'Running' };
// @ts-expect-error a failure says what failed
const silent: Awaited<ReturnType<JobRun['start']>> = { state: 'Failed' };
// @ts-expect-error a token is what a type made, not any text
const token: JobRun<{ reattach: true }>['token'] = 'host:/run/7';

declare const store: JobStore;
// @ts-expect-error Skipped is not a state
void store.find({ states: ['Skipped'] });
// @ts-expect-error nor is it written in lower case
const state: JobState = 'running';
declare const instance: Awaited<ReturnType<JobStore['find']>>[number];
void store.read(instance, { after: START, streams: ['output'], limit: 100 });
// @ts-expect-error a cursor is what the store gave, not any text
void store.read(instance, { after: '12', streams: ['output'], limit: 100 });
// @ts-expect-error a record of the warning stream is text
const record: StoredRecord<'warning'> = { seq: 1, at: null, stream: 'warning', value: 7 };
// @ts-expect-error an error has a code
void new JobError({ message: 'full' });
// @ts-expect-error secrets are references, as text
const leak: CommandLine = { argv: ['true'], secrets: { TOKEN: 7 } };
// @ts-expect-error what is not known is left out, not undefined
const vague: CommandLine = { argv: ['true'], user: undefined };
// @ts-expect-error a definition has a key
const keyless: Definition = { name: 'Nightly', type: 'NightlyJob', location: 'x.yaml', spec: {} };
// @ts-expect-error a plugin is read, never changed
(definePlugin({ name: 'x', version: '1.0.0', apiVersion: API_VERSION }) as JobTypePlugin).version = '2.0.0';
// @ts-expect-error a clock sleeps too
const halfClock: Clock = { now: () => new Date(0) };

export { code, complaints, definition, halfClock, issue, keyless, leak, line, record, running, silent, state, token, vague };

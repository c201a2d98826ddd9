import { isFinished, isJobError, type AnyJobType, type CommandLine, type Definition, type DescribeRequest, type Instance, type JobError, type JobOrigin, type JobStore, type NewInstance, type ProcessIdentity, type RunFacts } from '@nightshift/sdk';
import { failpoint } from '@nightshift/sdk/failpoint';
import { atItsPlace, checkDefinition, checkSpec, describeDefinition, requestOf, type CheckedSubject } from './check-definition.ts';
import { checkForeseen } from './check-description.ts';
import { codeCommand, codeFacts } from './describe-code.ts';
import { wordsToResume } from './away.ts';
import { checkpointNotPossible, formNotSupported, inputIsSaid, inputStaysHere, nameTooLong, nameWithNul, noSuchType, routeWithoutEngine } from './errors.ts';
import type { CoreParts } from './parts.ts';
import { placeInstance } from './place-instance.ts';
import type { LaunchCommand, Observation } from './ports/job-launcher.ts';
import { lookAgain, type Selected } from './query.ts';
import { reconcile, reconcileAgain } from './reconcile.ts';
import { resolveDefinition } from './resolve-definition.ts';
import { pruneSession } from './retention.ts';
import { withPlacedSecrets } from './secrets.ts';
import { queuePlaceOf } from './run-options.ts';
import { applied, moveOfParent, transition, type Move } from './transition.ts';

/** What start-job was asked for. */
export interface StartRequest {
  /** A spec for a type, or a definition by its name. */
  readonly what: SpecRequest | { readonly definitionName: string; readonly path?: string; readonly typePattern?: string };
  /** Default `Job<id>`, or the definition's name. */
  readonly name?: string;
  /** Absolute. Where the job starts unless it says otherwise itself. */
  readonly callerDirectory: string;
  /** Absolute and existing; wins over everything. */
  readonly workingDirectory?: string;
  /** An open descriptor: its bytes up to their end become standard input, copied before the job starts. Default: none. */
  readonly inputDescriptor?: number;
  /** Values that a run of JavaScript is given one after the other; any JSON values. Default: none. */
  readonly input?: readonly unknown[];
  /** Of a type that runs JavaScript; any JSON values. Default: none. */
  readonly argumentList?: readonly unknown[];
  /** Keep it in the durable store. */
  readonly persist?: boolean;
  /** Which workers of an engine may run it. Default: what its definition says, else those of the route `default`. Throws `InvalidParameterCombination` where it goes through none. */
  readonly route?: string;
  readonly warn: (warning: JobError) => void;
}

/** A job that no definition describes. */
export interface SpecRequest {
  readonly type: string;
  readonly spec: unknown;
  /** The caller has built the spec by the type's own rules: what the schema forbids in a file, such as `{{ … }}`, is a user's right on the command line. Default false. */
  readonly isChecked?: boolean;
}

const ON_DEMAND: JobOrigin = { kind: 'demand', runNow: false };

/** Creates one job and hands it to its shim. The job returned is Running, or Failed (spawn) when its program cannot be started. */
export async function startJob(parts: CoreParts, request: StartRequest): Promise<Selected> {
  const subject = await subjectOf(parts, request);
  const command = await describe(parts, subject, request);
  await checkHere(parts, subject, request, command);
  const store = storeFor(parts, subject, request);
  if (store.remote !== undefined) return leave(parts, store, subject, command, request.route);
  if (request.route !== undefined) throw routeWithoutEngine(parts.stores.durable()?.remote !== undefined);
  const family = await insert(parts, store, subject, command, await parts.launcher.identity());
  const started = command.code === undefined ? await launch(parts, store, family, command) : await launchCode(parts, store, family, command);
  await pruneSession(parts, store, family.job);
  return started;
}

/** What a start would make: everything is checked that can be, and nothing is done. */
export async function describeStart(parts: CoreParts, request: StartRequest): Promise<{ readonly type: string; readonly command: string }> {
  const subject = await subjectOf(parts, request);
  const command = await describe(parts, subject, request);
  await checkHere(parts, subject, request, command);
  placeInstance(ON_DEMAND, request.persist === true, canPersist(subject.type, subject.runs));
  return { type: subject.type.name, command: textOf(command) };
}

export function textOf(command: CommandLine): string {
  return command.commandText ?? command.scriptFile ?? quoted(command.commandWords ?? command.argv);
}

interface Subject extends CheckedSubject {
  readonly name: string | undefined;
  readonly definition: Definition | undefined;
  readonly describing: Omit<DescribeRequest<unknown>, 'spec'>;
}

async function subjectOf(parts: CoreParts, request: StartRequest): Promise<Subject> {
  const { what } = request;
  return 'definitionName' in what
    ? fromDefinition(parts, await resolveDefinition(parts, { ...pathAndType(what), name: what.definitionName, warn: request.warn }))
    : fromSpec(parts, what, request);
}

async function fromDefinition(parts: CoreParts, definition: Definition): Promise<Subject> {
  const checked = await checkDefinition(parts.types, definition);
  if ('length' in checked) throw new AggregateError(checked);
  return { ...checked, name: definition.name, definition, describing: requestOf(definition) };
}

async function fromSpec(parts: CoreParts, { type: typeName, spec, isChecked }: SpecRequest, request: StartRequest): Promise<Subject> {
  if (parts.types.find(typeName) === undefined) await parts.loadTypes?.();
  const type = parts.types.find(typeName)?.type;
  if (type === undefined) throw parts.types.refusalOf?.(typeName) ?? noSuchType(typeName, parts.types.all.map(({ type: known }) => known.name));
  checkJobName(request.name ?? '');
  const describing = { name: request.name ?? '', origin: ON_DEMAND, workingDirectory: request.workingDirectory ?? request.callerDirectory, argumentList: [] };
  const checked = isChecked === true ? { type, runs: type, spec, raw: spec } : await checkSpec(parts.types, type, spec, describing, () => ({}));
  if ('length' in checked) throw new AggregateError(checked);
  return { ...checked, name: request.name, definition: undefined, describing };
}

/** Free text, which reaches the job as a variable. Source: S5. */
function checkJobName(name: string): void {
  if (name.length > 256) throw nameTooLong(name.length);
  if (name.includes('\0')) throw nameWithNul();
}

function pathAndType({ path, typePattern }: { readonly path?: string; readonly typePattern?: string }): { path?: string; typePattern?: string } {
  return { ...(path === undefined ? {} : { path }), ...(typePattern === undefined ? {} : { typePattern }) };
}

async function describe(parts: CoreParts, subject: Subject, request: StartRequest): Promise<LaunchCommand> {
  const { runs, definition } = subject;
  if (runs.runs === 'delegate') throw formNotSupported(runs.name, runs.runs);
  if (runs.runs === 'code') return describeCode(parts, subject, request);
  if (request.input !== undefined || (definition !== undefined && request.inputDescriptor !== undefined)) throw inputIsSaid(definition?.name, runs.name);
  const command = definition === undefined ? withPlacedSecrets(await runs.command({ ...subject.describing, spec: subject.spec }), subject.describing.workingDirectory) : await describeDefinition(await parts.definitions(), subject, definition);
  const input = request.inputDescriptor === undefined ? {} : { inputDescriptor: request.inputDescriptor };
  return { ...command, ...input, workingDirectory: request.workingDirectory ?? command.workingDirectory ?? subject.describing.workingDirectory };
}

async function describeCode(parts: CoreParts, subject: Subject, { workingDirectory, argumentList = [], input, inputDescriptor, warn }: StartRequest): Promise<LaunchCommand> {
  const { definition, describing } = subject;
  if (definition !== undefined) await checkForeseen({ types: parts.types, files: await parts.definitions() }, subject, definition);
  const request = { ...describing, workingDirectory: workingDirectory ?? describing.workingDirectory, argumentList };
  const command = await codeCommand(parts.types, subject, request, describing.workingDirectory);
  const { code } = command;
  if (code?.cannotSuspend !== undefined) warn(checkpointNotPossible(describing.name, code.cannotSuspend));
  return { ...command, ...(code === undefined || input === undefined ? {} : { code: { ...code, input } }), ...(inputDescriptor === undefined ? {} : { inputDescriptor }) };
}

/** What this machine would refuse says nothing of the worker that will run a job of an engine: it has programs and secrets of its own. */
async function checkHere(parts: CoreParts, subject: Subject, request: StartRequest, command: LaunchCommand): Promise<void> {
  const isForEngine = (request.persist === true || parts.stores.takesAll?.() === true) && parts.stores.durable()?.remote !== undefined;
  if (isForEngine) return;
  parts.launcher.check(command);
  await checkSecrets(parts, subject, command);
}

/** Before a job exists, and with the line that names the secret where there is one. */
async function checkSecrets({ launcher }: CoreParts, { definition }: Subject, command: LaunchCommand): Promise<void> {
  try {
    await launcher.checkSecrets(command);
  } catch (cause) {
    throw isJobError(cause) && definition !== undefined ? atItsPlace(definition, cause) : cause;
  }
}

function storeFor(parts: CoreParts, subject: Subject, request: StartRequest): JobStore {
  const place = placeInstance(ON_DEMAND, request.persist === true, canPersist(subject.type, subject.runs), parts.stores.takesAll?.());
  return place === 'durable' ? parts.stores.openDurable() : parts.stores.session();
}

/** A delegate keeps what its inner type can keep. */
export function canPersist(type: AnyJobType, runs: AnyJobType): { name: string; capabilities: { persist?: boolean } } {
  const persist = type.capabilities.persist === true && runs.capabilities.persist === true;
  return { name: persist ? type.name : runs.name, capabilities: { persist } };
}

/** The job that people see, and what runs: itself, or its one child. */
interface Family {
  readonly job: Instance;
  readonly run: Instance;
}

/** Puts it into the queue of an engine, where some worker takes it up. */
async function leave(parts: CoreParts, store: JobStore, subject: Subject, command: LaunchCommand, route: string | undefined): Promise<Selected> {
  if (command.inputDescriptor !== undefined) throw inputStaysHere();
  const { job, run } = await insert(parts, store, subject, command, undefined, { ...(subject.definition === undefined ? {} : queuePlaceOf(subject.definition)), ...(route === undefined ? {} : { route }) });
  return { instance: job, children: job === run ? [] : [run], store };
}

/** Without a `holder` it waits until somebody takes it up. */
async function insert(parts: CoreParts, store: JobStore, subject: Subject, command: LaunchCommand, holder: ProcessIdentity | undefined, place: Pick<NewInstance, 'route' | 'cap'> = {}): Promise<Family> {
  const { definition } = subject;
  const shared = { command: textOf(command) };
  const carries = parts.newInstanceId();
  const parent: NewInstance = {
    ...shared,
    instanceId: carries,
    type: subject.type.name,
    origin: ON_DEMAND,
    ...(subject.name === undefined ? {} : { name: subject.name }),
    ...(definition === undefined ? {} : { definition: { key: definition.key, name: definition.name, path: fileOf(definition) } }),
  };
  const run = { ...readingFacts(command), ...(holder === undefined ? {} : { holder }), carries };
  const kept = holder === undefined ? { launch: JSON.stringify(command) } : keptToResume(command);
  if (command.code !== undefined) {
    const facts = { run: { ...run, resumable: true }, ...kept, ...place } as const;
    if (subject.type === subject.runs) return onlyOne(await store.insert({ ...parent, ...facts }, []));
    return both(await store.insert(parent, [{ ...shared, ...facts, instanceId: parts.newInstanceId(), type: subject.runs.name, origin: { kind: 'parent' } }]));
  }
  return both(await store.insert(parent, [{ ...shared, instanceId: parts.newInstanceId(), type: subject.runs.name, origin: { kind: 'parent' }, run, ...kept, ...place }]));
}

/** What a later attempt goes on from, of a run that has one without being tried again. */
export function keptToResume(command: LaunchCommand): Pick<NewInstance, 'launch'> {
  const { inputDescriptor: _ours, ...kept } = command;
  return kept.code === undefined && kept.reattach === undefined ? {} : { launch: JSON.stringify(wordsToResume(kept)) };
}

function onlyOne([job]: readonly Instance[]): Family {
  return { job: job as Instance, run: job as Instance };
}

function both([job, run]: readonly Instance[]): Family {
  return { job: job as Instance, run: run as Instance };
}

/** Absolute where it is a file: the job is listed from other folders as well. */
export function fileOf({ location, baseFolder }: Definition): string {
  return baseFolder === undefined ? location : `${baseFolder}/${location.slice(location.lastIndexOf('/') + 1)}`;
}

/** What a reader of the run must know of its command. */
const READING_FACTS = ['successExitCodes', 'streamCommands', 'mergeStreams', 'outputFormat', 'timeout', 'gracePeriod', 'initializes', 'secrets'] as const satisfies readonly (keyof CommandLine)[];

export function readingFacts(command: LaunchCommand): Partial<RunFacts> {
  return { ...Object.fromEntries(READING_FACTS.filter((key) => command[key] !== undefined).map((key) => [key, command[key]])), ...codeFacts(command), ...(command.reattach === undefined ? {} : { watches: true }) };
}

/** The job exists from here on: what goes wrong now is told by its state, never by a lost job. */
async function launch(parts: CoreParts, store: JobStore, { job: parent, run: child }: Family, command: LaunchCommand): Promise<Selected> {
  failpoint('start.phase');
  failpoint('spawn.before');
  const launched = await parts.launcher.launch(child, command, parent);
  failpoint('spawn.after');
  const move = 'failed' in launched ? failedToStart(parts, launched.failed) : ({ to: 'Running', beginTime: launched.beginTime } as const);
  const moved = await transition(store, child, [move], [parent, child]);
  failpoint('running.committed');
  if (moved !== undefined) return { instance: applied(parent, moveOfParent([moved])), children: [moved], store };
  // Somebody looked before we wrote: another reader, who adopted the run, or stop-job, whose wish came before the claim.
  const [again] = await store.find({ ids: [child.id] });
  if (again?.stopReason !== undefined) {
    await parts.launcher.end(again, { force: false, gracePeriod: DEFAULT_GRACE_PERIOD });
    await reconcile(parts, store, again);
  }
  const [job = parent, ...children] = await store.find({ family: parent.id });
  return { instance: job, children: children.length === 0 ? [child] : children, store };
}

/** Milliseconds that a start waits for JavaScript to begin, or to end; then it is shown as it is. */
const BEGINNING = 2_000;

/** The host of a run of JavaScript says itself when its work begins. */
async function launchCode(parts: CoreParts, store: JobStore, { job, run }: Family, command: LaunchCommand): Promise<Selected> {
  failpoint('start.phase');
  failpoint('spawn.before');
  const launched = await parts.launcher.launch(run, command, job);
  failpoint('spawn.after');
  if ('failed' in launched) await transition(store, run, [failedToStart(parts, launched.failed)]);
  else await hasBegun(parts, store, run, BEGINNING);
  return (await lookAgain(parts, { instance: job, children: [], store }, [])) ?? { instance: job, children: job === run ? [] : [run], store };
}

function failedToStart({ clock }: CoreParts, statusMessage: string): Move {
  return { to: 'Failed', reason: 'spawn', statusMessage, endTime: clock.now(), outputBytes: 0 };
}

/** Starts a job that is one row: what runs is what people see. Of JavaScript it is not waited for that it begins. */
export async function launchOne(parts: CoreParts, store: JobStore, job: Instance, command: LaunchCommand): Promise<Instance> {
  failpoint('spawn.before');
  const launched = await parts.launcher.launch(job, command, job);
  failpoint('spawn.after');
  const isBegun = 'beginTime' in launched && command.code === undefined;
  if ('failed' in launched) await transition(store, job, [failedToStart(parts, launched.failed)]);
  else if (isBegun) await transition(store, job, [{ to: 'Running', beginTime: launched.beginTime }]);
  return (await reconcileAgain(parts, store, job)) ?? job;
}

/** Resolves when a run has begun or ended, at the latest after so many milliseconds. */
export async function hasBegun(parts: CoreParts, store: JobStore, run: Instance, milliseconds: number): Promise<void> {
  using watch = parts.launcher.watch([run], 'output');
  const cut = new AbortController();
  let isOver = false;
  const over = parts.clock.sleep(milliseconds, cut.signal).then(() => void (isOver = true), () => {});
  for (;;) {
    const now = await reconcileAgain(parts, store, run);
    const seen = now === undefined || isFinished(now.state) ? undefined : await parts.launcher.observe(now);
    if (isOver || seen === undefined || !isBeginning(seen)) break;
    await Promise.race([watch.changed(cut.signal), over]);
  }
  cut.abort();
  await over;
  await reconcileAgain(parts, store, run);
}

/** Handed over, and not at its work yet. */
function isBeginning({ is, code, watcher }: Observation): boolean {
  return (is === 'running' || is === 'unclaimed') && code?.started === undefined && watcher?.reached !== true;
}

/** Between SIGTERM and SIGKILL where nobody said otherwise: ten seconds. */
export const DEFAULT_GRACE_PERIOD = 10_000;

const PLAIN_WORD = /^[A-Za-z0-9_@%+=:,./-]+$/;
/** In front, a shell would take these for an assignment or for words of its own language. */
const NO_PROGRAM = /=|^(?:if|then|else|elif|fi|do|done|case|esac|while|until|for|in|function|select|time|coproc)$/;

/** The words as a POSIX shell would need them. */
export function quoted(argv: readonly string[]): string {
  return argv.map((word, index) => (PLAIN_WORD.test(word) && !(index === 0 && NO_PROGRAM.test(word)) ? word : `'${word.replaceAll("'", `'\\''`)}'`)).join(' ');
}

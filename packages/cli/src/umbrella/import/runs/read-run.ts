import type { ForeignRun, JobView } from '@nightshift/host';
import { checkName, isJobError, JobError, suggest, type Attempt } from '@nightshift/sdk';
import type { Line } from './lines.ts';
import { ATTEMPT_KEYS, ATTEMPTS, DEFINITION_KEYS, isEnded, ORIGIN_KEYS, RUN_KEYS, type Kind } from './run-keys.ts';

type Complain = (key: string, code: string, message: string, hint?: string) => JobError;
type AttemptView = NonNullable<JobView['attempts']>[number];

/** One line of `get-job -o jsonl` as a job. Throws the first thing that is wrong with it, with its place. */
export function readRun(line: Line, file: string): ForeignRun {
  const complain: Complain = (key, code, message, hint) => complaint(line, file, columnOf(line.text, key), code, message, hint);
  const job = checked(parsed(line, file), complain);
  const { parentId } = job.origin as { readonly parentId?: number };
  return {
    line: line.number,
    ...endOf(job),
    id: job.id,
    instanceId: job.instanceId,
    name: job.name,
    type: job.type,
    state: job.state,
    location: job.location,
    command: job.command,
    attempt: job.attempt,
    origin: job.origin.kind === 'trigger' ? { ...job.origin, dueAt: new Date(job.origin.dueAt) } : job.origin,
    ...(job.definition === null ? {} : { definition: job.definition }),
    ...(parentId === undefined ? {} : { parentId }),
    ...(job.attempts === undefined ? {} : { attempts: job.attempts.filter(({ attempt }) => attempt < job.attempt).map((one): Attempt => ({ attempt: one.attempt, ...endOf(one) })) }),
  };
}

function parsed({ text, number }: Line, file: string): object {
  try {
    const value = JSON.parse(text) as unknown;
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value;
  } catch (cause) {
    const at = /at position (\d+)/.exec((cause as Error).message)?.[1];
    throw complaint({ text, number }, file, at === undefined ? text.length + 1 : Number(at) + 1, 'DefinitionSyntaxError', 'this line is no JSON', EXPORT);
  }
  throw complaint({ text, number }, file, 1, 'DefinitionSyntaxError', 'this line is no job: each is one JSON object', EXPORT);
}

const EXPORT = 'get-job --all --include-child-job -o jsonl writes such a file';

function checked(value: object, complain: Complain): JobView {
  const { attempts, ...others } = value as { readonly attempts?: unknown };
  checkKeys(others, RUN_KEYS, 'a job', complain);
  const job = value as JobView;
  if (isEnded(job.state) && job.endTime === null) throw complain('endTime', 'DefinitionValueInvalid', `a job that is ${job.state} has an "endTime"`);
  if (job.definition !== null) checkDefinition(job.definition, complain);
  const keys = Object.hasOwn(ORIGIN_KEYS, job.origin.kind) ? ORIGIN_KEYS[job.origin.kind] : undefined;
  if (keys === undefined) throw complain('kind', 'DefinitionValueInvalid', `the "kind" of an origin is one of ${Object.keys(ORIGIN_KEYS).join(', ')}`);
  checkKeys(job.origin, keys, `an origin of kind ${job.origin.kind}`, complain);
  if (attempts !== undefined) checkAttempts(attempts, complain);
  return job;
}

function checkDefinition(definition: NonNullable<JobView['definition']>, complain: Complain): void {
  checkKeys(definition, DEFINITION_KEYS, 'a definition', complain);
  try {
    checkName(definition.name);
  } catch (cause) {
    if (!isJobError(cause)) throw cause;
    throw complain('definition', 'DefinitionValueInvalid', cause.message, cause.hint);
  }
}

function checkAttempts(attempts: unknown, complain: Complain): void {
  checkValue('attempts', attempts, ATTEMPTS, complain);
  for (const [index, attempt] of (attempts as readonly AttemptView[]).entries()) {
    checkKeys(attempt, ATTEMPT_KEYS, 'an attempt', complain);
    if (attempt.attempt !== index + 1) throw complain('attempts', 'DefinitionValueInvalid', 'attempts are numbered from 1');
  }
}

function checkKeys(value: object, keys: Readonly<Record<string, Kind>>, what: string, complain: Complain): void {
  const foreign = Object.keys(value).find((key) => !Object.hasOwn(keys, key));
  if (foreign !== undefined) {
    const near = suggest(foreign, Object.keys(keys));
    throw complain(foreign, 'DefinitionKeyUnknown', `${what} has no key ${JSON.stringify(foreign.slice(0, 64))}`, near === undefined ? undefined : `did you mean "${near}"?`);
  }
  for (const [key, kind] of Object.entries(keys)) {
    if (!Object.hasOwn(value, key)) throw complain('', 'DefinitionKeyMissing', `${what} has the key "${key}"`, EXPORT);
    checkValue(key, (value as Record<string, unknown>)[key], kind, complain);
  }
}

function checkValue(key: string, value: unknown, [is, words]: Kind, complain: Complain): void {
  if (!is(value)) throw complain(key, 'DefinitionValueInvalid', `"${key}" takes ${words}`);
}

/** Null stands for absent. */
function endOf({ reason, statusMessage, beginTime, endTime, exitCode, signal }: Pick<JobView, 'reason' | 'statusMessage' | 'beginTime' | 'endTime' | 'exitCode' | 'signal'>): Omit<Attempt, 'attempt'> {
  return {
    ...(reason === null ? {} : { reason }),
    ...(statusMessage === '' ? {} : { statusMessage }),
    ...(beginTime === null ? {} : { beginTime: new Date(beginTime) }),
    ...(endTime === null ? {} : { endTime: new Date(endTime) }),
    ...(exitCode === null ? {} : { exitCode }),
    ...(signal === null ? {} : { signal }),
  };
}

/** Where a key stands; quotes within texts are escaped, so that only a key looks like one. */
function columnOf(text: string, key: string): number {
  return key === '' ? 1 : text.indexOf(`${JSON.stringify(key)}:`) + 1 || 1;
}

/** Longer lines are not shown. */
const SHOWN = 2_000;

function complaint({ text, number }: Line, file: string, column: number, code: string, message: string, hint?: string): JobError {
  const excerpt = text.length > SHOWN ? {} : { excerpt: { text, length: 1 } };
  return new JobError({ code, message, file, line: number, column, ...excerpt, ...(hint === undefined ? {} : { hint }) });
}

/** One entry of `steps`: what is the workflow's own to say, and the rest, which the type of its job judges. */
import type { RetryPolicy } from '@nightshift/sdk';
import { isMap, kindOf, type Place } from './complaint.ts';
import * as kinds from './values.ts';

/** What one step is. `name` and `needs` are filled in by then; each need is written as the step's own name is. */
export interface Step {
  readonly name: string;
  /** Steps that must be Completed before this one starts. */
  readonly needs: readonly string[];
  /** The child job that it is; absent of a step that only suspends the job. */
  readonly job?: StepJob;
}

/** A step's child job. */
export interface StepJob {
  readonly type: string;
  readonly spec: Readonly<Record<string, unknown>>;
  /** Where `spec` stands in the workflow's own. */
  readonly path: readonly (string | number)[];
  readonly retry?: RetryPolicy;
  /** Milliseconds. */
  readonly timeout?: number;
  /** Milliseconds. */
  readonly gracePeriod?: number;
}

/** A step as it was written: `needs` absent means the step before it. */
export interface WrittenStep extends Omit<Step, 'needs'> {
  readonly needs?: readonly string[];
}

const DEFAULT_TYPE = 'BackgroundJob';

/** What the workflow itself reads of a step. */
interface OwnValues {
  readonly name: string;
  readonly needs: readonly string[];
  readonly suspend: true;
  readonly type: string;
  readonly retry: RetryPolicy;
  readonly timeout: number;
  readonly gracePeriod: number;
}

/** The workflow's own keys of a step, in the order of the reference; every other one is its job's. */
export const STEP_KEYS: { readonly [Name in keyof OwnValues]: kinds.Key<OwnValues[Name]> } = {
  name: { value: kinds.stepName, description: 'How the step and its job are called. Default: step1, step2 and so on, by position.', example: 'build' },
  needs: { value: kinds.needs, description: 'Names of steps that must be Completed before it starts. Default: the step before it; [] for none.', example: ['build', 'lint'] },
  suspend: { value: kinds.onlyTrue, description: 'Runs nothing: the job is suspended here, and goes on when it is resumed.', example: true },
  type: { value: kinds.typeName, description: 'Job type of what is run.', default: DEFAULT_TYPE, example: 'ThreadJob' },
  retry: { value: kinds.retry, description: 'Further tries after a failure, each a child job of its own.', example: { limit: 2, delay: '1m' } },
  timeout: { value: kinds.duration, description: 'How long each try may take. Default: as long as it wants.', example: '30m' },
  gracePeriod: { value: kinds.duration, description: 'Time between the request to stop and the kill.', default: '10s', example: '30s' },
};

/** Undefined where not even a name could be made out. */
export function readStep(value: unknown, index: number, place: Place): WrittenStep | undefined {
  if (!isMap(value)) return place.complain(`must be a map of keys; it is ${kindOf(value)}`, { hint: 'write, for example, - command: [node, build.mjs]' });
  const own: Partial<OwnValues> = kinds.readKeys(pick(value, isOwn), STEP_KEYS, place, 'a step');
  const facts = { name: own.name ?? `step${index + 1}`, ...(own.needs === undefined ? {} : { needs: own.needs }) };
  if (value['suspend'] !== undefined) return refuseBeside(value, place) ?? facts;
  return { ...facts, job: readJob(value, own, place) };
}

function readJob(value: Readonly<Record<string, unknown>>, own: Partial<OwnValues>, place: Place): StepJob {
  const { type = DEFAULT_TYPE, retry, timeout, gracePeriod } = own;
  const limits = { ...(retry === undefined ? {} : { retry }), ...(timeout === undefined ? {} : { timeout }), ...(gracePeriod === undefined ? {} : { gracePeriod }) };
  return { type, spec: pick(value, (key) => !isOwn(key)), path: place.path, ...limits };
}

/** A step that suspends has nothing that could run. */
function refuseBeside(value: Readonly<Record<string, unknown>>, place: Place): undefined {
  const [beside] = Object.keys(value).filter((key) => value[key] !== undefined && !['suspend', 'name', 'needs'].includes(key));
  if (beside === undefined) return;
  place.inside(beside).complain('and "suspend" exclude each other: a step that suspends the job runs nothing', { code: 'DefinitionKeysExclusive', at: 'key', hint: 'make two steps of it' });
}

function isOwn(key: string): boolean {
  return Object.hasOwn(STEP_KEYS, key);
}

function pick(map: Readonly<Record<string, unknown>>, isWanted: (key: string) => boolean): Readonly<Record<string, unknown>> {
  return Object.fromEntries(Object.entries(map).filter(([key, value]) => value !== undefined && isWanted(key)));
}

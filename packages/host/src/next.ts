import { resolve } from 'node:path';
import { hasWildcard, type Registry } from '@nightshift/core';
import type { YamlDefinitions } from '@nightshift/definitions';
import { checkTimeZone, clockChange, mergeDueTimes, openTrigger, randomDelay, readInstant, refusal, writeInstant, type ClockChange, type DueTime, type OpenTrigger } from '@nightshift/scheduler';
import { asciiLower, isJobError, JobError, type Clock, type Definition } from '@nightshift/sdk';
import type { Config } from './config/read-config.ts';
import { hostZone } from './host-zone.ts';
import { judgeDefinition, type Judged } from './judge-definition.ts';
import { namedDefinitions, type Named } from './named-definitions.ts';

/** Which due times are asked for. Texts are as they were typed. */
export interface NextRequest {
  /** Names of definitions, with wildcards. None: all definitions. */
  readonly names: readonly string[];
  /** An expression in place of definitions. */
  readonly cron?: string | undefined;
  /** Of all triggers together. */
  readonly count: number;
  /** Excluded. Default: now. */
  readonly from?: string | undefined;
  /** Included. Default: for ever. */
  readonly until?: string | undefined;
  /** In which times are read and shown, and in which an expression is meant. Default: the configuration's, else the machine's; a trigger's times are shown in its own. */
  readonly timeZone?: string | undefined;
  /** Default: all triggers. */
  readonly triggerIds?: readonly number[] | undefined;
  /** Also what is disabled or hidden. */
  readonly all: boolean;
  /** One folder in place of the configured ones. */
  readonly definitionPath?: string | undefined;
}

/** A trigger whose due times were asked for. Of an expression, `definition` is empty and `triggerId` 0. */
export interface AskedTrigger {
  readonly definition: string;
  readonly triggerId: number;
  readonly kind: string;
  readonly timeZone: string;
  /** It, or its definition. */
  readonly isDisabled: boolean;
  /** When it is due, as part of an English sentence. */
  words(): Promise<string>;
}

export interface DueTimeView {
  readonly trigger: AskedTrigger;
  readonly dueAt: Date;
  /** On the wall of the zone that was asked for, with offset. */
  readonly local: string;
  /** When it starts, in the same form. Absent without a random delay. */
  readonly starts?: string;
  /** What became of its wall time at a change of clocks. */
  readonly clockNote?: string;
  /** How the trigger's clock was changed between the due time before it and this one. */
  readonly change?: ClockChange;
}

export interface NextAnswer {
  /** The one definition that was asked for by its name; undefined where there may be several. */
  readonly definition?: string;
  readonly dueTimes: readonly DueTimeView[];
  /** Every trigger that was asked, also those without a due time. */
  readonly triggers: readonly AskedTrigger[];
  /** Definitions that were named and have something to say only with `all`. */
  readonly leftOut: readonly { readonly name: string; readonly because: 'disabled' | 'hidden' }[];
  /** What could not be found or read. */
  readonly problems: readonly JobError[];
}

/**
 * Says when definitions are due. Starts nothing, reads no plugin and no store: a trigger that counts from the moment it was
 * first seen counts from `from` here.
 * Throws `TimeZoneInvalid`, `ParameterArgumentTransformationError` for a time, `InvalidDefinitionName`, `DirectoryNotFoundException`, and what is wrong with an expression.
 */
export type Next = (request: NextRequest) => Promise<NextAnswer>;

export interface NextParts {
  readonly types: Registry;
  readonly yaml: YamlDefinitions;
  readonly config: Pick<Config, 'timeZone'>;
  readonly clock: Pick<Clock, 'now'>;
  readonly workingDirectory: string;
  readonly environment: NodeJS.ProcessEnv;
  readonly warn: (warning: JobError) => void;
}

/** Warnings of a file that say something about its due times. A clock change has its own note. */
const ABOUT_DUE_TIMES = ['CronDayMatch', 'TriggerInPast'];

export function createNext(parts: NextParts): Next {
  return async (request) => {
    const zones = zonesOf(parts, request.timeZone);
    const span = spanOf(request, zones.asked, parts.clock.now());
    const { triggers, ...rest } = request.cron === undefined ? await ofDefinitions(parts, request, zones.others, span) : ofExpression(parts, request.cron, zones.asked(), span);
    const dueTimes = mergeDueTimes(triggers, { ...span, limit: request.count }).map(([trigger, due]) => viewOf(trigger, due, request.timeZone));
    return { ...rest, triggers, dueTimes: withChanges(dueTimes) };
  };
}

/** The zone that was asked for, and that of triggers which name none; the machine's is looked at only where it counts. */
function zonesOf({ config, environment, warn }: NextParts, wanted: string | undefined): { asked(): string; others(): string } {
  const issue = wanted === undefined ? undefined : checkTimeZone(wanted);
  if (issue !== undefined) throw refusal(issue);
  let known = config.timeZone;
  const others = (): string => (known ??= hostZone(environment, warn));
  return { asked: () => wanted ?? others(), others };
}

interface Span {
  readonly now: Date;
  readonly after: Date;
  readonly until: Date | undefined;
}

function spanOf({ from, until }: NextRequest, zone: () => string, now: Date): Span {
  const read = (option: string, text: string | undefined): Date | undefined => {
    if (text === undefined) return undefined;
    const instant = readInstant(text, zone());
    if (instant !== undefined) return instant;
    throw new JobError({ code: 'ParameterArgumentTransformationError', message: `${option} takes a time, not ${JSON.stringify(text.slice(0, 100))}`, hint: 'write 2027-03-27, 2027-03-27T02:30 or 2027-03-27T02:30:00Z' });
  };
  return { now, after: read('--from', from) ?? now, until: read('--until', until) };
}

/** A trigger with what `next` has to know of its definition. */
interface Chosen extends OpenTrigger, AskedTrigger {
  readonly definitionKey: string;
}

type Found = Omit<NextAnswer, 'dueTimes' | 'triggers'> & { readonly triggers: readonly Chosen[] };

function ofExpression({ warn }: NextParts, cron: string, timeZone: string, { after }: Span): Found {
  const trigger = openTrigger({ cron }, { timeZone, now: after, knownSince: after });
  for (const warning of trigger.warnings) warn(refusal(warning));
  return { triggers: [{ ...trigger, definition: '', triggerId: 0, definitionKey: '', isDisabled: false }], leftOut: [], problems: [] };
}

async function ofDefinitions(parts: NextParts, request: NextRequest, timeZone: () => string, span: Span): Promise<Found> {
  const path = request.definitionPath === undefined ? undefined : resolve(parts.workingDirectory, request.definitionPath);
  const named = await namedDefinitions(parts.yaml, request.names, path, 'nightshift next');
  const judged = await Promise.all(named.map((found) => judge(parts, found)));
  const fine = judged.flatMap(({ definition }) => definition ?? []);
  const shown = fine.filter((definition) => request.all || whyLeftOut(definition) === undefined);
  for (const warning of shown.flatMap(({ warnings = [] }) => warnings)) if (ABOUT_DUE_TIMES.includes(warning.code)) parts.warn(new JobError(warning));
  return {
    ...onlyName(request.names, named),
    triggers: shown.flatMap((definition) => triggersOf(definition, request, timeZone, span)),
    leftOut: request.all ? [] : fine.flatMap((definition) => leftOut(definition, request.names)),
    problems: [...judged.flatMap(({ complaints }) => complaints), ...missingTriggers(fine, request.triggerIds ?? [])],
  };
}

/** A name that was given alone and is no pattern, as its definition spells it. */
function onlyName(names: readonly string[], [first]: readonly Named[]): { readonly definition?: string } {
  const [only, ...others] = new Set(names.map(asciiLower));
  if (only === undefined || others.length > 0 || hasWildcard(only) || first === undefined || isJobError(first)) return {};
  return { definition: first.name };
}

async function judge({ types }: NextParts, found: Named): Promise<Judged> {
  return isJobError(found) ? { complaints: [found as JobError] } : judgeDefinition(types, found);
}

function whyLeftOut({ enabled = true, options }: Definition): 'disabled' | 'hidden' | undefined {
  if (!enabled) return 'disabled';
  return options?.['showInTaskScheduler'] === false ? 'hidden' : undefined;
}

function leftOut(definition: Definition, names: readonly string[]): NextAnswer['leftOut'] {
  const because = whyLeftOut(definition);
  const isNamed = names.some((name) => asciiLower(name) === asciiLower(definition.name));
  return because === undefined || !isNamed ? [] : [{ name: definition.name, because }];
}

/** An entry of `triggers:` that was checked with its file. */
interface Entry {
  readonly id?: number;
  readonly enabled?: boolean;
  readonly timeZone?: string;
}

function entriesOf({ triggers = [] }: Definition): readonly (Entry & { readonly id: number })[] {
  return triggers.map((entry, index) => ({ ...(entry as Entry), id: (entry as Entry).id ?? index + 1 }));
}

function triggersOf(definition: Definition, { triggerIds, all }: NextRequest, timeZone: () => string, { now, after }: Span): readonly Chosen[] {
  const isDisabled = (entry: Entry): boolean => definition.enabled === false || entry.enabled === false;
  const wanted = entriesOf(definition).filter((entry) => (triggerIds?.includes(entry.id) ?? true) && (all || !isDisabled(entry)));
  return wanted.map((entry) => ({
    ...openTrigger(entry, { timeZone: entry.timeZone ?? definition.timeZone ?? timeZone(), now, knownSince: after }),
    definition: definition.name,
    definitionKey: definition.key,
    triggerId: entry.id,
    isDisabled: isDisabled(entry),
  }));
}

function missingTriggers(definitions: readonly Definition[], wanted: readonly number[]): readonly JobError[] {
  const known = new Set(definitions.flatMap(entriesOf).map(({ id }) => id));
  const missing = definitions.length === 0 ? [] : wanted.filter((id) => !known.has(id));
  const whose = definitions.length === 1 ? `${definitions[0]?.name} has no trigger` : 'none of the definitions has a trigger';
  const hint = known.size === 0 ? 'there are no triggers' : `there ${known.size === 1 ? 'is' : 'are'} ${[...known].join(', ')}`;
  return missing.map((id) => new JobError({ code: 'ScheduledJobTriggerNotFound', message: `${whose} ${id}`, hint }));
}

function viewOf(trigger: Chosen, { dueAt, note }: DueTime, wanted: string | undefined): DueTimeView {
  const zone = wanted ?? trigger.timeZone;
  const delay = randomDelay(trigger.definitionKey, trigger.triggerId, dueAt, trigger.randomDelay);
  return {
    trigger,
    dueAt,
    local: writeInstant(dueAt, zone),
    ...(trigger.randomDelay === 0 ? {} : { starts: writeInstant(new Date(dueAt.getTime() + delay), zone) }),
    ...(note === undefined ? {} : { clockNote: note }),
  };
}

function withChanges(views: readonly DueTimeView[]): readonly DueTimeView[] {
  const before = new Map<AskedTrigger, Date>();
  return views.map((view) => {
    const since = before.get(view.trigger);
    before.set(view.trigger, view.dueAt);
    const change = since === undefined ? undefined : clockChange(view.trigger.timeZone, since, view.dueAt);
    return change === undefined ? view : { ...view, change };
  });
}

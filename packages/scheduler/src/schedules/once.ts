import { formatLocal, formatOffset, type LocalTime } from '../local-time.ts';
import { NOTES, countOf, dueAt, type DueTime, type Schedule } from '../schedule.ts';
import { defineKind, type ReadKind, type Rule } from '../trigger-kind.ts';
import { boolean, duration, moment } from '../trigger-values.ts';
import { durationWords, localTimeWords } from '../words/value-words.ts';
import { instantsOf, wallAt, type Zone } from '../zone.ts';

const DAY = 86_400_000;
const MINUTE = 60_000;

interface Values {
  readonly at: LocalTime & { readonly day: number };
  readonly repetitionInterval?: number;
  readonly repetitionDuration?: number;
  readonly repeatIndefinitely?: boolean;
  readonly randomDelay?: number;
}

const REPETITION = ['repetitionInterval', 'repetitionDuration', 'repeatIndefinitely'] as const;

// In this order each complaint adds something to those before it.
const RULES: readonly Rule<Values>[] = [
  ruleOf('repetitionInterval', (every, lasting, forever) => every !== undefined && lasting === undefined && !forever, 'repetitionInterval needs repetitionDuration, or repeatIndefinitely: true'),
  ruleOf('repetitionDuration', (every, lasting) => every === undefined && lasting !== undefined, 'repetitionDuration needs repetitionInterval'),
  ruleOf('repeatIndefinitely', (every, _lasting, forever) => every === undefined && forever, 'repeatIndefinitely needs repetitionInterval'),
  ruleOf('repeatIndefinitely', (_every, lasting, forever) => lasting !== undefined && forever, 'repeatIndefinitely and repetitionDuration exclude each other'),
  ruleOf('repetitionInterval', (every) => every !== undefined && every < MINUTE, 'repetitionInterval is shorter than one minute'),
  ruleOf('repetitionDuration', (_every, lasting) => lasting === 0, 'repetitionDuration is zero'),
  ruleOf('repetitionInterval', (every, lasting) => every !== undefined && lasting !== undefined && lasting > 0 && every > lasting, 'repetitionInterval is longer than repetitionDuration'),
];

const WARNINGS: readonly Rule<Values>[] = [
  { about: 'at', reads: ['at'], broken: (values, { zone, now }) => inPast(values as Values, zone, now) },
  { about: 'at', reads: ['at'], broken: (values, { zone }) => inGap((values as Values).at, zone) },
];

/** One instant, and where wanted again every interval, to the end of the duration and including it. */
export const once: ReadKind = defineKind({
  example: '{ at: 2026-12-24T18:00 }',
  mandatory: { at: moment },
  optional: { repetitionInterval: duration, repetitionDuration: duration, repeatIndefinitely: boolean, randomDelay: duration },
  rules: RULES,
  warnings: WARNINGS,
  words: (values, { zone }) => `once at ${localTimeWords(values.at)} ${zoneWords(values.at, zone)}${repetitionWords(values)}`,
  schedule: (values, { zone }) => repeating(values, zone),
});

function zoneWords({ offset }: LocalTime, zone: Zone): string {
  return offset === undefined ? zone.name : `UTC${formatOffset(offset)}`;
}

function repetitionWords({ repetitionInterval: every, repetitionDuration: lasting }: Values): string {
  if (every === undefined) return '';
  return `, then every ${durationWords(every)} ${lasting === undefined ? 'for ever' : `for ${durationWords(lasting)}`}`;
}

function repeating(values: Values, zone: Zone): Schedule {
  const first = startOf(values.at, zone);
  if (first === undefined) return { next: () => undefined, count: () => 0 };
  const start = first.dueAt.getTime();
  const { repetitionInterval: every, repetitionDuration: lasting = Infinity } = values;
  const upTo = (instant: number): number => (instant < start ? 0 : 1 + (every === undefined ? 0 : Math.floor(Math.min(instant - start, lasting) / every)));
  return {
    next(after) {
      if (after.getTime() < start) return first;
      if (every === undefined) return undefined;
      const passed = (Math.floor((after.getTime() - start) / every) + 1) * every;
      return passed <= lasting ? dueAt(start + passed) : undefined;
    },
    count: countOf((after, until) => upTo(until) - upTo(after)),
  };
}

function startOf(at: Values['at'], zone: Zone): DueTime | undefined {
  const wall = wallOf(at);
  if (at.offset !== undefined) return dueAt(wall - at.offset);
  const { kind, first } = instantsOf(zone, wall);
  return dueAt(first, NOTES[kind]);
}

function wallOf(at: Values['at']): number {
  return at.day * DAY + at.time;
}

/** Due now is still due. */
function inPast(values: Values, zone: Zone, now: Date): ReturnType<Rule<Values>['broken']> {
  if (repeating(values, zone).next(new Date(now.getTime() - 1)) !== undefined) return undefined;
  const message = `${formatLocal(wallOf(values.at), values.at.offset)} ${values.repetitionInterval === undefined ? 'has' : 'and its repetition have'} passed; the trigger never fires`;
  return { code: 'TriggerInPast', message };
}

function inGap(at: Values['at'], zone: Zone): ReturnType<Rule<Values>['broken']> {
  if (at.offset !== undefined) return undefined;
  const { kind, first } = instantsOf(zone, wallOf(at));
  if (kind !== 'gap') return undefined;
  const instead = formatLocal(wallAt(zone, first), zone.offsetAt(first));
  return { code: 'DaylightSavingShift', message: `${formatLocal(wallOf(at))} does not exist in ${zone.name}; it is due at ${instead}` };
}

function ruleOf(about: (typeof REPETITION)[number], broken: (every: number | undefined, lasting: number | undefined, forever: boolean) => boolean, message: string): Rule<Values> {
  return {
    about,
    reads: REPETITION,
    broken: (values) =>
      broken(values.repetitionInterval, values.repetitionDuration, values.repeatIndefinitely === true)
        ? { code: 'TriggerInvalid', message, hint: 'for two days every hour: repetitionInterval: 1h, repetitionDuration: 2d' }
        : undefined,
  };
}

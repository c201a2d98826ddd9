/** The [Timer] of a unit as triggers and options. systemd.timer(5). */
import { calendarTrigger } from './calendar-event.ts';
import type { DraftTrigger } from '../draft.ts';
import { durationText } from '../duration-text.ts';
import { quoted, type Remarks } from '../remarks.ts';
import { parseSpan } from './time-span.ts';
import { isYes, valueOf, valuesOf, type Setting, type UnitFile } from './unit-file.ts';

const TIMER = 'Timer';

/** What each monotonic key becomes, and what differs. `delay`: the span is a delay after the boot, else an interval. */
const MONOTONIC: Readonly<Record<string, { readonly delay: boolean; readonly note?: string }>> = {
  OnBootSec: { delay: true },
  OnStartupSec: { delay: true, note: 'it counts from the boot here, and there from the start of systemd, which for a user unit is the first login' },
  OnActiveSec: { delay: true, note: 'it counts from the boot here, and there from the moment when the timer is switched on' },
  OnUnitActiveSec: { delay: false, note: 'the interval counts from the moment when the definition is first seen, and there from the last start' },
  OnUnitInactiveSec: { delay: false, note: 'the interval counts from start to start here, and there from the end of one run to the start of the next' },
};
/** Keys that need no remark: read below, or without a meaning here. */
const READ = [...Object.keys(MONOTONIC), 'OnCalendar', 'RandomizedDelaySec', 'FixedRandomDelay', 'Persistent', 'WakeSystem', 'Unit', 'AccuracySec', 'RemainAfterElapse'];
const EVENTS = ['OnClockChange', 'OnTimezoneChange'];

export interface TimerParts {
  readonly triggers: readonly DraftTrigger[];
  readonly options: Readonly<Record<string, unknown>>;
}

export function readTimer(unit: UnitFile, remarks: Remarks): TimerParts {
  const delay = randomDelay(unit, remarks);
  const calendar = valuesOf(unit, TIMER, 'OnCalendar').flatMap((setting) => calendarOf(setting, delay, remarks));
  const triggers = [...calendar];
  for (const setting of monotonicOf(unit)) triggers.push(...spanOf(setting, delay, triggers.length, remarks));
  noteOthers(unit, remarks);
  const persistent = isYes(valueOf(unit, TIMER, 'Persistent'));
  const wake = valueOf(unit, TIMER, 'WakeSystem');
  const wakes = isYes(wake);
  if (wakes && wake !== undefined) remarks.note(wake.place, 'WakeSystem=: wakeToRun counts only where a machine can be woken by its user', 'options.wakeToRun');
  return { triggers, options: { ...(triggers.length > 0 && { catchUp: { policy: persistent ? 'latest' : 'skip' } }), ...(wakes && { wakeToRun: true }) } };
}

/** An empty value of any of them takes back all of them. */
function monotonicOf(unit: UnitFile): readonly Setting[] {
  return valuesOf(unit, TIMER, ...Object.keys(MONOTONIC));
}

function randomDelay(unit: UnitFile, remarks: Remarks): string | undefined {
  const setting = valueOf(unit, TIMER, 'RandomizedDelaySec');
  const span = setting === undefined ? 0 : parseSpan(setting.value);
  if (span === undefined || span === Infinity) remarks.triggerLost((setting as Setting).place, `RandomizedDelaySec=${(setting as Setting).value} is no time span`);
  const fixed = valueOf(unit, TIMER, 'FixedRandomDelay');
  if (isYes(fixed) && fixed !== undefined) remarks.note(fixed.place, 'FixedRandomDelay=: here the delay is the same whoever computes it, but each due time has its own', 'triggers.0');
  return span === undefined || span === Infinity || span === 0 ? undefined : durationText(span);
}

function calendarOf({ value, place }: Setting, delay: string | undefined, remarks: Remarks): readonly DraftTrigger[] {
  const read = calendarTrigger(value);
  if ('trigger' in read) return [{ place, source: value, value: { ...read.trigger, ...(delay === undefined ? {} : { randomDelay: delay }) } }];
  remarks.triggerLost(place, `OnCalendar=${read.lost}`);
  return [];
}

function spanOf({ key, value, place }: Setting, random: string | undefined, index: number, remarks: Remarks): readonly DraftTrigger[] {
  const span = parseSpan(value);
  const { delay, note } = MONOTONIC[key] as { delay: boolean; note?: string };
  if (span === undefined || span === Infinity || (span === 0 && !delay)) {
    remarks.triggerLost(place, `${key}=${quoted(value)} is no time span that can be kept`);
    return [];
  }
  if (note !== undefined) remarks.note(place, `${key}=${value}: ${note}`, `triggers.${index}`);
  if (delay && random !== undefined) remarks.note(place, `RandomizedDelaySec= was not added to ${key}=: a delay after the boot is fixed here`, `triggers.${index}`);
  const randomDelay = delay ? (span === 0 ? undefined : durationText(span)) : random;
  if (delay) return [{ place, source: `${key}=${value}`, value: { atStartup: randomDelay === undefined ? {} : { randomDelay } } }];
  return [{ place, source: `${key}=${value}`, value: { every: durationText(span), ...(randomDelay === undefined ? {} : { randomDelay }) } }];
}

function noteOthers(unit: UnitFile, remarks: Remarks): void {
  for (const { key, value, place } of unit.sections.get(TIMER) ?? []) {
    if (EVENTS.includes(key) && !/^(?:0|no|n|false|f|off)?$/i.test(value)) remarks.triggerLost(place, `${key}=${value} has no equal: no trigger here waits for a change of the clock`);
    else if (key === 'AccuracySec') remarks.note(place, `AccuracySec=${value}: due times are met to the second here`, 'triggers');
    else if (!READ.includes(key) && !EVENTS.includes(key)) remarks.note(place, `${key}=${value} of the timer was not carried over`, 'triggers');
  }
}

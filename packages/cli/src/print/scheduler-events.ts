import type { SchedulerEvent } from '@nightshift/host';
import { complaintText, plainComplaint } from './error.ts';
import type { Priority } from './journal.ts';
import { sanitiseJson, sanitiseLine } from './sanitise.ts';
import { durationText, localTime } from './time.ts';

/** An event as one JSON line: `{apiVersion, event, at, …}`; times are ISO 8601 UTC, durations milliseconds. */
export function jsonOfEvent(event: SchedulerEvent, at: Date): string {
  return `${sanitiseJson(JSON.stringify({ apiVersion: 1, event: event.event, at, ...plain(event) }))}\n`;
}

function plain(event: SchedulerEvent): object {
  const { origin: _origin, run: _run, ...facts } = Object.fromEntries(Object.entries(event).map(([key, value]) => [key, value ?? null]));
  if (event.event === 'broken') return { ...facts, errors: event.errors.map(plainComplaint) };
  if (event.event === 'trouble') return { ...facts, error: plainComplaint(event.error) };
  if (event.event !== 'ended') return facts;
  const { run } = event;
  return { ...facts, state: run.state, reason: run.reason ?? null, statusMessage: run.statusMessage ?? null, attempt: run.attempt };
}

/** An event as a line for people, with the moment in front; complaints keep their form, and have their place and hint below. */
export function textOfEvent(event: SchedulerEvent, at: Date): string {
  const line = (text: string): string => `${localTime(at)} ${sanitiseLine(text)}\n`;
  switch (event.event) {
    case 'ready':
      return line(`ready: ${counted(event.definitions, 'definition')}, ${counted(event.triggers, 'trigger')}; ${event.nextDueAt === undefined ? 'nothing is due' : `next due ${localTime(event.nextDueAt)}`}${event.metrics === undefined ? '' : `; metrics at ${event.metrics}`}`);
    case 'definition':
      return line(`${event.definition}: definition ${event.change}`);
    case 'broken':
      return event.errors.map((error) => complaintText('scheduler', error)).join('') + line(`${event.definition}: not scheduled as it is${event.kept ? '; the last good version goes on' : ''}`);
    case 'differs':
      return line(`${event.definition}: another scheduler${event.others.length === 0 ? '' : ` (${event.others.join(' or ')})`} has read another version later, and its triggers count; bring the file to one version everywhere`);
    case 'started':
      return line(`${event.definition}: job ${event.job} ${waits(event.waits)} for ${localTime(event.dueAt)} (trigger ${event.triggerId}${event.catchUp ? ', caught up' : ''})${event.text === undefined ? '' : `; ${event.text}`}`);
    case 'waiting':
      return line(`${event.definition}: ${localTime(event.dueAt)} ${event.text ?? 'waits'} (trigger ${event.triggerId})`);
    case 'condition':
      return line(`${event.definition}: job ${event.job}: ${event.text}`);
    case 'skipped':
      return line(`${event.definition}: ${span(event)} skipped, ${event.reason}${event.text === undefined ? '' : `: ${event.text}`} (trigger ${event.triggerId}${event.instanceId === undefined ? '' : `; ${event.instanceId} is in the way`})`);
    case 'ended':
      return line(`${event.definition}: job ${event.job} ${event.run.state}${event.run.statusMessage === undefined || event.run.statusMessage === '' ? '' : `: ${event.run.statusMessage}`}`);
    case 'retry':
      return line(`${event.definition}: job ${event.job}: ${event.statusMessage ?? `attempt ${event.attempt} follows`}`);
    case 'clockChanged':
      return line(`the clock was put ${event.by < 0 ? 'back' : 'forward'} by ${durationText(Math.abs(event.by))}${event.voided === 0 ? '' : `; ${counted(event.voided, 'row')} of a time that has not come are void`}`);
    case 'clockImplausible':
      return complaintText('scheduler', { code: 'ClockImplausible', message: `the clock shows ${event.now.toISOString()}; nothing is scheduled until it is right` }, 'warning: ');
    case 'trouble':
      return complaintText('scheduler', event.error, event.error.code === 'LowDiskSpace' ? 'warning: ' : '');
    case 'recovered':
      return line(`goes on; there is no ${event.code} any more`);
    case 'untold':
      return line(`hook ${event.hook}: ${event.id === undefined ? '' : `not told of ${event.id}${event.tries === undefined ? '' : `, after ${counted(event.tries, 'attempt')}`}: `}${event.problem}`);
    case 'stopping':
      return line(`stops${event.running === 0 ? '' : `; ${counted(event.running, 'job')} ${event.running === 1 ? 'goes' : 'go'} on`}`);
  }
}

/** How serious an event is to somebody who reads the journal. */
export function priorityOf(event: SchedulerEvent): Priority | undefined {
  if (event.event === 'trouble') return event.error.code === 'LowDiskSpace' ? 4 : 3;
  if (event.event === 'ended') return event.run.state === 'Failed' ? 4 : undefined;
  return event.event === 'broken' || event.event === 'differs' || event.event === 'clockImplausible' || event.event === 'clockChanged' ? 4 : undefined;
}

/** "1 job", "2 jobs". */
export function counted(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? '' : 's'}`;
}

function waits(word: 'queue' | 'time' | undefined): string {
  return word === 'queue' ? 'queued' : word === 'time' ? 'waits' : 'started';
}

function span({ dueAt, lastDueAt, count }: Extract<SchedulerEvent, { event: 'skipped' }>): string {
  return count === 1 ? localTime(dueAt) : `${count} due times from ${localTime(dueAt)} to ${localTime(lastDueAt)}`;
}

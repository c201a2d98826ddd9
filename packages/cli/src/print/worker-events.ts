import type { WorkerEvent } from '@nightshift/host';
import { complaintText, plainComplaint } from './error.ts';
import type { Priority } from './journal.ts';
import { sanitiseJson, sanitiseLine } from './sanitise.ts';
import { counted } from './scheduler-events.ts';
import { localTime } from './time.ts';

/** An event as one JSON line: `{apiVersion, event, at, …}`; times are ISO 8601 UTC. */
export function jsonOfWorker(event: WorkerEvent, at: Date): string {
  return `${sanitiseJson(JSON.stringify({ apiVersion: 1, event: event.event, at, ...plain(event) }))}\n`;
}

function plain(event: WorkerEvent): object {
  if (event.event === 'trouble') return { error: plainComplaint(event.error) };
  if (event.event !== 'ended') return event;
  const { run, ...facts } = event;
  return { ...facts, state: run.state, reason: run.reason ?? null, statusMessage: run.statusMessage ?? null, exitCode: run.exitCode ?? null };
}

/** An event as a line for people, with the moment in front; complaints keep their form. */
export function textOfWorker(event: WorkerEvent, at: Date): string {
  const line = (text: string): string => `${localTime(at)} ${sanitiseLine(text)}\n`;
  switch (event.event) {
    case 'ready':
      return line(`ready: worker ${event.worker}, ${counted(event.slots, 'slot')}, ${event.routes.length === 1 ? 'route' : 'routes'} ${event.routes.join(', ')}${event.resumed === 0 ? '' : `; goes on with ${counted(event.resumed, 'job')}`}`);
    case 'started':
      return line(`${event.name}: job ${event.job} started${event.attempt === 1 ? '' : `, attempt ${event.attempt}`}`);
    case 'wish':
      return line(`${event.name}: job ${event.job}: somebody wishes ${event.wish}`);
    case 'ended':
      return line(`${event.name}: job ${event.job} ${event.run.state}${event.run.statusMessage === undefined || event.run.statusMessage === '' ? '' : `: ${event.run.statusMessage}`}`);
    case 'retry':
      return line(`${event.name}: job ${event.job}: ${event.statusMessage}`);
    case 'lost':
      return line(`${event.name}: job ${event.job} was lost to another worker: it is stopped here, and nothing of it counts any more`);
    case 'abandoned':
      return line(`${event.name}: job ${event.job}: its worker is lost; ${event.retried ? 'another attempt follows' : 'it has failed'}`);
    case 'trouble':
      return complaintText('worker', event.error, event.error.code === 'LowDiskSpace' ? 'warning: ' : '');
    case 'recovered':
      return line(`goes on; there is no ${event.code} any more`);
    case 'stopping':
      return line(`takes nothing more${event.running === 0 ? '' : `; ${counted(event.running, 'job')} ${event.running === 1 ? 'runs' : 'run'}`}`);
  }
}

/** How serious an event is to somebody who reads the journal. */
export function priorityOfWorker(event: WorkerEvent): Priority | undefined {
  if (event.event === 'trouble') return event.error.code === 'LowDiskSpace' ? 4 : 3;
  if (event.event === 'ended') return event.run.state === 'Failed' ? 4 : undefined;
  return event.event === 'lost' || event.event === 'abandoned' ? 4 : undefined;
}

import { statSync } from 'node:fs';
import type { Clock, JobError } from '@nightshift/sdk';
import { idsFault, inspectStore, openEmbeddedStore, rebuildStore, repairIds, type StoreKind } from '@nightshift/store';
import type { HostStores } from './stores.ts';

/** One thing that was looked at. */
export interface Finding {
  readonly subject: string;
  readonly ok: boolean;
  readonly text: string;
  /** What to type when it is not well. */
  readonly fix?: string;
}

/** Looks after a user's stores. */
export interface Doctor {
  /** Changes nothing. */
  examine(): Promise<readonly Finding[]>;
  /** Builds what an index has lost anew from the run folders; a damaged index is kept beside it. */
  repair(): Promise<readonly Finding[]>;
}

export function createDoctor(stores: HostStores, clock: Clock): Doctor {
  return {
    async examine() {
      return [nodeVersion(), stateFolderOf(stores), idsOf(stores), ...(await Promise.all(stores.kinds().map((kind) => examineStore(stores, kind))))];
    },
    async repair() {
      const aside = await repairIds(stores.state, clock.now());
      const findings: Finding[] = aside === undefined ? [] : [{ subject: 'id counter', ok: true, text: `begins anew above all jobs; the damaged file is kept as ${aside}` }];
      for (const kind of stores.kinds()) findings.push(await repairStore(stores, kind, clock));
      return findings;
    },
  };
}

function nodeVersion(): Finding {
  return { subject: 'Node', ok: true, text: `${process.version} at ${process.execPath}` };
}

function stateFolderOf({ state }: HostStores): Finding {
  const facts = statSync(state, { throwIfNoEntry: false });
  if (facts === undefined) return { subject: 'state folder', ok: true, text: `${state}, made when it is needed` };
  const mode = (facts.mode & 0o777).toString(8).padStart(4, '0');
  return { subject: 'state folder', ok: mode === '0700', text: `${state}, mode ${mode}`, ...(mode === '0700' ? {} : { fix: `chmod 700 '${state}'` }) };
}

function idsOf({ state }: HostStores): Finding {
  const fault = idsFault(state);
  const subject = 'id counter';
  return fault === undefined ? { subject, ok: true, text: `${state}/ids.db` } : { subject, ok: false, text: `${fault.message} (${state}/ids.db)`, fix: 'nightshift doctor --repair' };
}

const nameOf = (kind: StoreKind): string => (kind.durable ? 'durable store' : 'session store');

async function examineStore(stores: HostStores, kind: StoreKind): Promise<Finding> {
  const subject = nameOf(kind);
  if (kind.durable && stat(`${kind.root}/jobs.db`) === undefined && stat(`${kind.root}/output`) === undefined) return { subject, ok: true, text: 'nothing was ever kept' };
  try {
    const store = openEmbeddedStore(kind, stores.parts);
    try {
      const { jobs, missing, stillborn } = await inspectStore(store);
      const faults = [
        ...(missing.length === 0 ? [] : [`${count(missing.length, 'run folder')} not in the index`]),
        ...(stillborn.length === 0 ? [] : [`${count(stillborn.length, 'folder')} of starts that were cut off`]),
      ];
      const text = [`${kind.root}, ${count(jobs, 'row')}`, ...faults].join('; ');
      return faults.length === 0 ? { subject, ok: true, text } : { subject, ok: false, text, fix: 'nightshift doctor --repair' };
    } finally {
      store.close();
    }
  } catch (cause) {
    return { subject, ok: false, text: `${(cause as JobError).code ?? 'InternalError'}: ${(cause as Error).message} (${kind.root}/jobs.db)`, fix: 'nightshift doctor --repair' };
  }
}

async function repairStore(stores: HostStores, kind: StoreKind, clock: Clock): Promise<Finding> {
  const subject = nameOf(kind);
  if (kind.durable && stat(`${kind.root}/jobs.db`) === undefined && stat(`${kind.root}/output`) === undefined) return { subject, ok: true, text: 'nothing was ever kept' };
  const report = await rebuildStore(kind, stores.parts, clock.now());
  const kept = report.setAside === undefined ? '' : `; the damaged index is kept as ${report.setAside}`;
  return { subject, ok: true, text: `${kind.root}, ${count(report.missing.length, 'job')} brought back${kept}` };
}

function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? '' : 's'}`;
}

function stat(path: string): unknown {
  return statSync(path, { throwIfNoEntry: false });
}

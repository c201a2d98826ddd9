/** Looks at everything that Nightshift stands on. Examining makes nothing, mends nothing and runs no program. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { quoted } from '@nightshift/core';
import { rebuildStore, repairIds, type StoreKind } from '@nightshift/store';
import { clock } from './doctor/clock.ts';
import { configuration } from './doctor/configuration.ts';
import { diskSpace, fileSystem } from './doctor/disk.ts';
import { engine } from './doctor/engine.ts';
import { bad, count, doubtful, well, type Finding } from './doctor/finding.ts';
import { cacheFolder, configFolder, sessionFolder, stateFolder } from './doctor/folders.ts';
import { logout } from './doctor/logout.ts';
import { nodeVersion } from './doctor/node.ts';
import { processTable, programs, searchPath, umask } from './doctor/process.ts';
import { durableStore, fixOf, idCounter, sessionStore, wordsOf } from './doctor/stores.ts';
import type { Surroundings } from './doctor/surroundings.ts';
import { timeZone, zoneData } from './doctor/time-zone.ts';
import { hasShim } from './launch/unreadable.ts';
import type { HostStores } from './stores.ts';

export type { Finding } from './doctor/finding.ts';

/** Looks after a user's machine and stores. */
export interface Doctor {
  /** Changes nothing, and does not throw: what cannot be looked at is a finding as well. `quick`: without a look at every run. Default false. */
  examine(options?: { readonly quick?: boolean }): Promise<readonly Finding[]>;
  /** Builds what an index has lost anew from the run folders; a damaged index is kept beside it. */
  repair(): Promise<readonly Finding[]>;
}

type Look = (surroundings: Surroundings) => Finding | readonly Finding[] | Promise<Finding | readonly Finding[]>;

/** By the subject under which it is told that a look itself has failed. */
const LOOKS: readonly (readonly [subject: string, look: Look])[] = [
  ['Node', nodeVersion],
  ['state folder', stateFolder],
  ['session folder', sessionFolder],
  ['cache', cacheFolder],
  ['config folder', configFolder],
  ['configuration', configuration],
  ['id counter', idCounter],
  ['session store', sessionStore],
  ['durable store', durableStore],
  ['engine', engine],
  ['disk space', diskSpace],
  ['file system', fileSystem],
  ['time zone', zoneInUse],
  ['zone data', zoneData],
  ['clock', clock],
  ['umask', umask],
  ['PATH', searchPath],
  ['programs', programs],
  ['processes', processTable],
  ['logout', logout],
];

/** They take as long as there are runs. */
const LONG_LOOKS: readonly string[] = ['session store', 'durable store'];

export function createDoctor(surroundings: Surroundings): Doctor {
  let looked: ReturnType<Surroundings['configuration']> | undefined;
  const here: Surroundings = { ...surroundings, configuration: () => (looked ??= surroundings.configuration()) };
  return {
    async examine({ quick = false } = {}) {
      const findings: Finding[] = [];
      // One after the other: the search for a configuration changes the current folder for a moment.
      for (const [subject, look] of LOOKS) if (!quick || !LONG_LOOKS.includes(subject)) findings.push(...(await carefully(subject, async () => look(here))));
      return findings;
    },
    repair: () => repair(here),
  };
}

async function carefully(subject: string, look: () => Promise<Finding | readonly Finding[]>): Promise<readonly Finding[]> {
  try {
    return [await look()].flat();
  } catch (cause) {
    return [bad(subject, `could not be looked at: ${wordsOf(cause)}`, 'nightshift doctor --debug')];
  }
}

/** The configuration has a say; one with mistakes is another finding. */
async function zoneInUse(surroundings: Surroundings): Promise<Finding> {
  const configured = await surroundings.configuration().then(({ wiring }) => wiring.config.timeZone, () => undefined);
  return timeZone(surroundings, configured);
}

async function repair({ stores, clock: { now } }: Surroundings): Promise<readonly Finding[]> {
  return [
    ...(await mended('id counter', stores.state, () => repairCounter(stores.state, now()))),
    ...(await mended('session store', stores.state, () => repairStore(stores, false, now()))),
    ...(await mended('durable store', stores.state, () => repairStore(stores, true, now()))),
  ];
}

/** One that cannot be mended does not keep the others from it. */
async function mended(subject: string, path: string, mend: () => Promise<readonly Finding[]>): Promise<readonly Finding[]> {
  try {
    return await mend();
  } catch (cause) {
    return [bad(subject, `could not be mended: ${wordsOf(cause)}`, fixOf(cause, path))];
  }
}

async function repairCounter(state: string, now: Date): Promise<readonly Finding[]> {
  const aside = await repairIds(state, now);
  return aside === undefined ? [] : [well('id counter', `begins anew above all jobs; the damaged file is kept as ${aside}`)];
}

async function repairStore({ kinds, parts, state }: HostStores, durable: boolean, now: Date): Promise<readonly Finding[]> {
  const subject = durable ? 'durable store' : 'session store';
  if (durable && !['jobs.db', 'output'].some((name) => existsSync(join(state, name)))) return [well(subject, 'nothing was ever kept')];
  const kind = kinds().find((one) => one.durable === durable) as StoreKind;
  const { missing, setAside, kept } = await rebuildStore(kind, parts, now, hasShim);
  const index = setAside === undefined ? '' : `; the damaged index is kept as ${setAside}`;
  return [
    well(subject, `${kind.root}, ${count(missing.length, 'job')} brought back${index}`),
    ...kept.map(({ why, file, place }) => doubtful(subject, `CantLoadScheduledJobDefinitionFromStore: a run cannot be read: ${why} (${file})`, `ls -lR ${quoted([place])}`)),
  ];
}

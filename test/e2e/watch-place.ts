// A place in which jobs of a test plugin watch work that goes on elsewhere: in folders of this machine, by processes that are nobody's.

import { existsSync, globSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createHost, type Host, type JobView, type StartRequest } from '@nightshift/host';
import { onTestFinished } from 'vitest';
import watch from './plugins/watch-plugin.mjs';
import { contentOf, newPlace, waitFor, type Job, type Place } from './product.ts';

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url));
const DIST_TEST = here('../../packages/cli/dist-test');

/** What runs at one place; `name` is that of the child, its location and its folder. */
export interface Work {
  readonly name: string;
  readonly text: string;
  readonly timeout?: number;
  readonly gracePeriod?: number;
  readonly environment?: Readonly<Record<string, string>>;
  readonly command?: object;
}

export interface WatchPlace extends Place {
  readonly host: Host;
  /** Starts a job with a child for each place. */
  readonly watch: (places: readonly Work[], request?: Partial<StartRequest>) => Promise<JobView>;
  /** Resolves with the job when it is in that state. */
  readonly inState: (id: number, state: string) => Promise<Job>;
  /** Path of a file at a place. */
  readonly there: (name: string, file: string) => string;
  /** Makes a file there. */
  readonly mark: (name: string, file: string, content?: string) => void;
  /** What the watchers of a place have noted: one line for each that came to its work. */
  readonly watchers: (name: string) => readonly string[];
  /** Path of a file in the newest attempt of a job. */
  readonly fileOf: (job: Pick<JobView, 'instanceId'>, name: string) => string;
  /** The process that watches a job, and its shim. */
  readonly pidOf: (job: Pick<JobView, 'instanceId'>, who: 'host' | 'claim') => Promise<number>;
}

export function newWatchPlace(more: Record<string, string> = {}): WatchPlace {
  const place = newPlace();
  const host = createHost({
    environment: { ...place.env, ...more }, workingDirectory: place.work, umask: 0o022,
    shim: join(DIST_TEST, 'shim.sh'), codeHost: [join(DIST_TEST, 'code-host.cjs')],
    plugins: [{ ...watch, module: here('plugins/watch-plugin.mjs') }],
  });
  onTestFinished(() => host[Symbol.asyncDispose]());
  const there = (name: string, file: string): string => join(place.work, 'elsewhere', name, file);
  const fileOf = ({ instanceId }: Pick<JobView, 'instanceId'>, name: string): string => {
    const [attempt = ''] = [`**/${instanceId}/*/`, `**/*${instanceId.slice(-8)}/*/`].flatMap((pattern) => globSync(pattern, { cwd: place.state })).filter((path) => /\/\d+\/?$/.test(path)).toSorted((a, b) => Number(/(\d+)\/?$/.exec(b)?.[1]) - Number(/(\d+)\/?$/.exec(a)?.[1]));
    return join(place.state, attempt, name);
  };
  return {
    ...place, host, there, fileOf,
    watch: (places, request = {}) => host.startJob({ what: { type: 'WatchJob', spec: { places } }, callerDirectory: place.work, warn: () => {}, ...request }),
    inState: (id, state) => waitFor(`job ${id} is ${state}`, async () => (await host.getJobs({ ids: [id] })).jobs[0] as unknown as Job, (job) => job?.state === state),
    mark: (name, file, content = '') => {
      mkdirSync(there(name, ''), { recursive: true });
      writeFileSync(there(name, file), content);
    },
    watchers: (name) => contentOf(there(name, 'watchers')).split('\n').filter((line) => line !== ''),
    pidOf: async (job, who) => Number((await waitFor(`${who} is there`, () => (existsSync(fileOf(job, who)) ? readFileSync(fileOf(job, who), 'utf8') : ''), (text) => / \d/.test(text))).split(' ')[0]),
  };
}

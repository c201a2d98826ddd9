// A place in which jobs of a test plugin are started by a host in this process, and handled by the verbs like all others.

import { existsSync, globSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createHost, type Host, type JobView, type StartRequest } from '@nightshift/host';
import { onTestFinished } from 'vitest';
import note from './plugins/note-plugin.mjs';
import { newPlace, waitFor, type Job, type Place } from './product.ts';

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url));
const DIST_TEST = here('../../packages/cli/dist-test');

/** One step of a NoteJob: what to do, and with what. */
export type Step = Readonly<Record<string, unknown>>;

export interface CodePlace extends Place {
  readonly host: Host;
  /** Starts a job of the plugin that does these steps; `facts` are members of its spec. */
  readonly startNote: (steps: readonly Step[], request?: Partial<StartRequest> & { readonly type?: string; readonly facts?: object }) => Promise<JobView>;
  /** Resolves with the job when it is in that state; the verbs say so. */
  readonly inState: (id: number, state: string) => Promise<Job>;
  /** Values of its records, as `stream value`. */
  readonly records: (id: number, ...options: string[]) => Promise<string[]>;
  readonly go: (name?: string) => void;
  readonly file: (name: string) => string;
  /** The pid of the process that runs the code of a job, in its newest attempt. */
  readonly hostPid: (job: Pick<Job, 'instanceId'>) => number;
}

export function newCodePlace(more: Record<string, string> = {}): CodePlace {
  const place = newPlace();
  const host = createHost({
    environment: { ...place.env, ...more }, workingDirectory: place.work, umask: 0o022,
    shim: join(DIST_TEST, 'shim.sh'), codeHost: [join(DIST_TEST, 'code-host.cjs')],
    plugins: [{ ...note, module: here('plugins/note-plugin.mjs') }],
  });
  onTestFinished(() => host[Symbol.asyncDispose]());
  const file = (name: string): string => join(place.work, name);
  return {
    ...place, host, file,
    startNote: (steps, { type = 'NoteJob', facts = {}, ...request } = {}) => host.startJob({ what: { type, spec: { do: steps, ...facts } }, callerDirectory: place.work, warn: () => {}, ...request }),
    inState: async (id, state) => {
      const look = async (): Promise<Job> => (await host.getJobs({ ids: [id] })).jobs[0] as unknown as Job;
      return waitFor(`job ${id} is ${state}`, look, (job) => job?.state === state);
    },
    records: async (id, ...options) =>
      (await place.stdoutOf('receive-job', String(id), '-o', 'jsonl', ...options)).split('\n').filter((line) => line !== '').map((line) => {
        const { stream, value } = JSON.parse(line) as { stream: string; value: unknown };
        return `${stream} ${typeof value === 'string' ? value : JSON.stringify(value)}`;
      }),
    go: (name = 'go') => writeFileSync(file(name), ''),
    hostPid: (job) => hostPid(place, job),
  };
}

/** The pid of the process that runs the code of a job, in its newest attempt. */
export function hostPid({ state }: Pick<Place, 'state'>, { instanceId }: Pick<Job, 'instanceId'>): number {
  const found = globSync(`**/${instanceId}/*/host`, { cwd: state }).concat(globSync(`**/*${instanceId.slice(-8)}/*/host`, { cwd: state })).toSorted().at(-1);
  if (found === undefined || !existsSync(join(state, found))) throw new Error(`job ${instanceId} has no host`);
  return Number(readFileSync(join(state, found), 'utf8').split(' ')[0]);
}

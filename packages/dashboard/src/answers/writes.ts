/**
 * What may be changed: enabling, disabling, starting and stopping, by the verbs of the command line, and nothing else. Each is in
 * the audit before it is done. No text of a definition comes from a browser. Source: security specification S21, S33.
 */
import { errorsIn } from './errors-in.ts';
import { isFinished, type JobError } from '@nightshift/sdk';
import type { Job, Written } from '../api.ts';
import { factsOf, type Desk } from '../desk.ts';
import type { Audit, AuditEntry } from '../door/audit.ts';
import { Refusal } from '../door/refusal.ts';
import { knownOf } from './definitions.ts';
import { notFound } from './question.ts';
import { definitionRows } from './rows.ts';
import { jobAt } from './run.ts';

/** Who asks. */
export type Asker = Pick<AuditEntry, 'from' | 'shown'>;

export interface Writes {
  turn(asker: Asker, namespace: string, name: string, act: 'enable' | 'disable'): Promise<Written>;
  start(asker: Asker, namespace: string, name: string): Promise<Written>;
  runMissed(asker: Asker, namespace: string, name: string, body: unknown): Promise<Written>;
  stop(asker: Asker, job: string): Promise<Written>;
  startAgain(asker: Asker, job: string): Promise<Written>;
}

interface Done {
  readonly jobs: readonly Job[];
  readonly problems: readonly JobError[];
}

export function createWrites(desk: Desk, audit: Audit): Writes {
  const { host, survey } = desk;
  const audited = async (entry: Omit<AuditEntry, 'phase'>, keys: readonly string[], act: () => Promise<Done>): Promise<Written> => {
    if (!desk.writes) {
      audit.note({ ...entry, phase: 'refused' });
      throw new Refusal(403, 'this dashboard only shows: nothing can be changed through it', { hint: 'nightshift dashboard --allow-writes' });
    }
    audit.note({ ...entry, phase: 'asked' });
    const { jobs, problems } = await act().catch((cause: unknown): Done => ({ jobs: [], problems: errorsIn(cause, (unforeseen) => audit.note({ ...entry, phase: 'failed', errors: [String((unforeseen as Error).name)] })) }));
    const errors = problems.map(factsOf);
    audit.note({ ...entry, phase: problems.length === 0 ? 'done' : 'failed', jobs: jobs.map(({ id }) => id), ...(errors.length === 0 ? {} : { errors: errors.map(({ code, message }) => `${code}: ${message}`) }) });
    const known = keys.flatMap((key) => survey.definitions.all.get(key) ?? []);
    return { apiVersion: 1, jobs, definitions: await definitionRows(desk, known), errors };
  };
  const runNow = async (name: string, folder: string): Promise<Done> => {
    const { runs, problems } = await (await host.scheduledJobs()).runNow({ selector: { names: [name] }, definitionPath: folder });
    return { jobs: runs as readonly Job[], problems };
  };
  return {
    async turn(asker, namespace, name, act) {
      const known = knownOf(desk, namespace, name);
      return audited({ act, on: known.key, ...asker }, [known.key], async () => {
        const { problems } = await (await host.scheduledJobs())[act]({ selector: { names: [known.name] }, definitionPath: known.folder });
        await survey.definitions.refresh([known.name]);
        return { jobs: [], problems };
      });
    },
    async start(asker, namespace, name) {
      const known = knownOf(desk, namespace, name);
      return audited({ act: 'start', on: known.key, ...asker }, [known.key], () => runNow(known.name, known.folder));
    },
    async runMissed(asker, namespace, name, body) {
      const known = knownOf(desk, namespace, name);
      const dueTimes = dueTimesIn(body);
      const entry = { act: 'run-missed', on: known.key, dueTimes: dueTimes.map(({ triggerId, dueAt }) => `${triggerId} ${dueAt.toISOString()}`), ...asker } as const;
      return audited(entry, [known.key], async () => {
        const jobs = await survey.runMissed(known.name, dueTimes);
        return { jobs: (await host.getJobs({ ids: jobs.map(({ id }) => id) })).jobs as readonly Job[], problems: [] };
      });
    },
    async stop(asker, word) {
      const job = await jobAt(desk, word);
      return audited({ act: 'stop', on: String(job.instance.id), ...asker }, [], async () => {
        const { jobs, problems } = await host.stopJobs({ ids: [job.instance.id] }, {});
        return { jobs: jobs as readonly Job[], problems };
      });
    },
    async startAgain(asker, word) {
      const job = await jobAt(desk, word);
      const known = survey.definitions.all.get(job.instance.definition?.key ?? '');
      if (known === undefined) throw notFound('this job has no definition that could be started again');
      if (!isFinished(job.view.state)) throw new Refusal(400, `job ${job.instance.id} is ${job.view.state}: it has not ended yet`);
      return audited({ act: 'start-again', on: String(job.instance.id), ...asker }, [known.key], () => runNow(known.name, known.folder));
    },
  };
}

const INSTANT = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,3})?Z$/;

/** Copied key by key; anything else in it is a mistake. */
function dueTimesIn(body: unknown): readonly { readonly triggerId: number; readonly dueAt: Date }[] {
  const { dueTimes, ...others } = body as { readonly dueTimes?: unknown };
  if (!Array.isArray(dueTimes) || dueTimes.length === 0 || dueTimes.length > 1_000 || Object.keys(others).length > 0) throw new Refusal(400, 'the body is {"dueTimes": [{"triggerId", "dueAt"}]}');
  return dueTimes.map((one: unknown) => {
    const { triggerId, dueAt, ...more } = (one ?? {}) as { readonly triggerId?: unknown; readonly dueAt?: unknown };
    if (!Number.isSafeInteger(triggerId) || typeof dueAt !== 'string' || !INSTANT.test(dueAt) || Number.isNaN(Date.parse(dueAt)) || Object.keys(more).length > 0) throw new Refusal(400, 'a due time is {"triggerId": 1, "dueAt": "2027-03-27T02:30:00.000Z"}');
    return { triggerId: triggerId as number, dueAt: new Date(dueAt) };
  });
}

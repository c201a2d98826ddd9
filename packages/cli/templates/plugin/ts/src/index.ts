/** __Type__: how full is the disk? It looks once, or with "every" again and again until it is stopped. */
import { readFileSync } from 'node:fs';
import { statfs } from 'node:fs/promises';
import { API_VERSION, defineCodeJobType, definePlugin, type JobContext, type JobOutcome, type SpecIssue, type SpecResult } from 'nightshift/sdk';

/** The `job:` part of a definition, checked and completed. */
interface Spec {
  /** Percent of the disk; the job fails when more is used. */
  readonly limit: number;
  /** Seconds between two looks. Absent: one look. */
  readonly every?: number;
}

const type = defineCodeJobType({
  name: '__Type__',
  description: 'Reports how full the disk is, and fails when it is fuller than the limit.',
  runs: 'code',
  // What is promised here has to be returned by prepare(): the compiler asks for it, and so does the kit.
  capabilities: { persist: true },
  spec: { '~standard': { version: 1, vendor: '__package__', validate } },
  // Acquires what one job needs, such as a connection. The work itself is for start().
  prepare: async (context) => ({
    start: () => watch(context),
    // Called once, however the job has ended: let go of what was acquired.
    [Symbol.asyncDispose]: async () => {},
  }),
});

const { name, version } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as Record<'name' | 'version', string>;

export default definePlugin({ name, version, apiVersion: API_VERSION, jobTypes: [type] });

async function watch({ spec, streams, clock, signal, workingDirectory }: JobContext<Spec>): Promise<JobOutcome> {
  for (;;) {
    const usedPercent = await look(workingDirectory);
    await streams.output.write({ usedPercent });
    if (usedPercent > spec.limit) return { state: 'Failed', error: new Error(`${usedPercent} % of the disk are used, the limit is ${spec.limit} %`) };
    if (spec.every === undefined) return { state: 'Completed' };
    try {
      await clock.sleep(spec.every * 1_000, signal);
    } catch {
      return { state: 'Stopped', reason: String(signal.reason) };
    }
  }
}

/** As df counts: rounded up, and without the blocks that are root's alone. */
async function look(folder: string): Promise<number> {
  const { blocks, bfree, bavail } = await statfs(folder);
  const used = blocks - bfree;
  return Math.ceil((100 * used) / (used + bavail));
}

/** Says everything that is wrong at once, and where. A schema of zod, valibot or arktype in its place does the same. */
function validate(value: unknown): SpecResult<Spec> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return { issues: [{ message: 'the job must be a map of keys' }] };
  const { limit = 90, every, ...others } = value as Readonly<Record<string, unknown>>;
  const issues: SpecIssue[] = Object.keys(others).map((key) => ({ code: 'DefinitionKeyUnknown', message: `"${key}" is not a key of a __Type__`, path: [key], at: 'key' }));
  if (!isWhole(limit, 0, 100)) issues.push({ message: '"limit" must be a whole number from 0 to 100', path: ['limit'] });
  if (every !== undefined && !isWhole(every, 1, 86_400)) issues.push({ message: '"every" must be a whole number of seconds from 1 to 86400', path: ['every'] });
  if (issues.length > 0) return { issues };
  return { value: { limit: limit as number, ...(every === undefined ? {} : { every: every as number }) } };
}

function isWhole(value: unknown, from: number, to: number): boolean {
  return Number.isInteger(value) && (value as number) >= from && (value as number) <= to;
}

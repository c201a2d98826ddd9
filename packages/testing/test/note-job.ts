import { defineCodeJobType, type CodeJobType, type JobOutcome, type ReattachToken, type SpecSchema } from '@nightshift/sdk';
import type { JobTypeSubject } from '../src/index.ts';

/** What a note does: lines, and how it ends. */
export interface NoteSpec {
  readonly lines: readonly string[];
  /** Default: Completed. */
  readonly ends?: 'completed' | 'failed' | 'never';
  readonly asks?: boolean;
}

export const noteSchema: SpecSchema<NoteSpec> = {
  '~standard': {
    version: 1, vendor: 'test',
    validate(value) {
      const { lines = [], ends, asks } = (value ?? {}) as Partial<NoteSpec>;
      if (typeof value !== 'object' || value === null || Array.isArray(value)) return { issues: [{ message: '"job" must be a map of keys' }] };
      if (!Array.isArray(lines) || !lines.every((line) => typeof line === 'string')) return { issues: [{ message: '"lines" must be a list of texts', path: ['lines'] }] };
      return { value: { lines: [...lines], ...(ends === undefined ? {} : { ends }), ...(asks === undefined ? {} : { asks }) } };
    },
  },
};

/** Where runs that outlive their host are found again. */
const going = new Map<string, { readonly stop: PromiseWithResolvers<void> }>();
let lastToken = 0;

/** A job type as it should be, with every capability: the kit finds nothing wrong with it. */
export const noteJob: CodeJobType<NoteSpec, { suspend: true; kill: true; persist: true; reattach: true; input: true }> = defineCodeJobType({
  name: 'NoteJob', description: 'Writes lines, one a second.', runs: 'code', capabilities: { suspend: true, kill: true, persist: true, reattach: true, input: true }, spec: noteSchema,
  prepare: async (context) => noteRun(context, `note-${++lastToken}`, 0),
  async reattach(context, token) {
    const before = going.get(token);
    if (before === undefined) throw new Error(`there is no run ${token}`);
    return noteRun(context, token, 1);
  },
});

type Context = Parameters<typeof noteJob.prepare>[0];

function noteRun({ spec, streams, signal, clock, blocked, checkpoint, restored }: Context, token: string, from: number): Awaited<ReturnType<typeof noteJob.prepare>> {
  const over = new AbortController();
  const killed = Promise.withResolvers<JobOutcome>();
  let held: PromiseWithResolvers<void> | undefined;
  let atRest: (() => void) | undefined;
  const answer = Promise.withResolvers<unknown>();
  const stopped = (): JobOutcome => ({ state: 'Stopped', reason: String(signal.reason) });
  const gate = async (): Promise<void> => {
    atRest?.();
    await Promise.race([held?.promise, onAbort(signal), onAbort(over.signal)].filter((one) => one !== undefined));
  };
  const pass = async (milliseconds: number): Promise<void> => {
    await clock.sleep(milliseconds, AbortSignal.any([signal, over.signal])).catch(() => {});
    if (held !== undefined) await gate();
  };
  async function work(): Promise<JobOutcome> {
    const first = typeof restored === 'number' ? restored : from;
    for (const [index, line] of spec.lines.entries()) {
      if (signal.aborted) return stopped();
      if (held !== undefined) await gate();
      if (index < first) continue;
      await streams.output.write(line);
      await checkpoint(index + 1);
    }
    if (spec.asks === true && !signal.aborted) {
      blocked('Shall I?');
      await Promise.race([answer.promise, onAbort(signal), onAbort(over.signal)]);
    }
    while (spec.ends === 'never' && !signal.aborted && !over.signal.aborted) await pass(60_000);
    if (held !== undefined) await gate();
    if (signal.aborted) return stopped();
    return spec.ends === 'failed' ? { state: 'Failed', error: new Error('the note could not be written') } : { state: 'Completed', exitCode: 0 };
  }
  going.set(token, { stop: Promise.withResolvers<void>() });
  return {
    token: token as ReattachToken,
    start: () => Promise.race([work(), killed.promise]),
    async suspend() {
      held = Promise.withResolvers<void>();
      const isAtRest = new Promise<void>((resolve) => (atRest = resolve));
      await Promise.race([isAtRest, clock.sleep(1, over.signal).catch(() => {})]);
    },
    async resume() {
      held?.resolve();
      held = undefined;
    },
    async kill() {
      over.abort();
      killed.resolve({ state: 'Stopped', reason: 'killed' });
    },
    unblock: async (input) => answer.resolve(input),
    async [Symbol.asyncDispose]() {
      over.abort();
      going.delete(token);
    },
  };
}

function onAbort(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });
}

export const noteSubject: JobTypeSubject = {
  type: noteJob, completes: { lines: ['a', 'b', 'c'] }, fails: { lines: ['a'], ends: 'failed' }, runsUntilStopped: { lines: ['a'], ends: 'never' }, asks: { lines: [], asks: true }, invalid: [7, { lines: 'a' }],
};

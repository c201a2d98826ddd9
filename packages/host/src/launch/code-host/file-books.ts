import { join } from 'node:path';
import { MOVES, transition, type CodeRunEnd, type RunBooks } from '@nightshift/core';
import { isFinished, type Clock, type Instance, type JobError, type JobStore } from '@nightshift/sdk';
import { failpoint } from '@nightshift/sdk/failpoint';
import { attemptFolder, CODE_FILES, writeOutcome, writeWhole } from '@nightshift/store';

/** Before a plugin is loaded, which may do anything to it. */
const { stringify } = JSON;

/** Without a prototype, so that nothing that a plugin has put into one speaks for it. */
function outcomeText({ error, ...outcome }: Omit<CodeRunEnd, 'givenUp'>, at: Date): string {
  const bare = (facts: object): object => Object.assign(Object.create(null) as object, facts);
  return stringify(bare({ ...outcome, at: at.toISOString(), ...(error === undefined ? {} : { error: bare(error) }) }));
}

/** Characters of a message for which there is room on any disk. */
const BRIEF = 200;

/** What must not be lost. */
function brief({ error: _error, statusMessage, ...outcome }: Omit<CodeRunEnd, 'givenUp'>): Omit<CodeRunEnd, 'givenUp'> {
  return { ...outcome, ...(statusMessage === undefined ? {} : { statusMessage: statusMessage.slice(0, BRIEF) }) };
}

function concealed({ statusMessage, error, ...outcome }: Omit<CodeRunEnd, 'givenUp'>, conceal: BooksPlace['conceal']): Omit<CodeRunEnd, 'givenUp'> {
  return {
    ...outcome,
    ...(statusMessage === undefined ? {} : { statusMessage: conceal(statusMessage) }),
    ...(error === undefined ? {} : { error: { message: conceal(error.message), ...(error.code === undefined ? {} : { code: conceal(error.code) }), ...(error.stack === undefined ? {} : { stack: conceal(error.stack) }) } }),
  };
}

export interface BooksPlace {
  readonly store: JobStore;
  readonly instance: Instance;
  readonly clock: Clock;
  readonly warn: (warning: JobError) => void;
  /** Takes secrets out of what is told of the run: messages are kept and shown. */
  readonly conceal: (text: string) => string;
  /** Called when the run is prepared, or has ended before it was. */
  readonly prepared: () => void;
}

/**
 * The books of a run, in its folder: what is written there is true whatever becomes of the row. The states between are written
 * into the row as well, where it still is in a state that leads there; whoever looks at the run mends a row that could not be
 * written.
 */
export function createFileBooks({ store, instance, clock, warn, conceal, prepared }: BooksPlace): RunBooks {
  const runFolder = instance.runFolder as string;
  const attempt = attemptFolder(runFolder, instance.attempt);
  const move = async (to: Instance['state'], facts: { readonly statusMessage?: string; readonly beginTime?: Date }): Promise<void> => {
    try {
      for (;;) {
        const [now] = await store.find({ ids: [instance.id] });
        if (now === undefined || now.attempt !== instance.attempt || isFinished(now.state) || !MOVES[now.state].includes(to)) return;
        if ((await transition(store, now, [{ to, ...facts }])) !== undefined) return;
      }
    } catch (cause) {
      warn(cause as JobError);
    }
  };
  return {
    async started({ token }) {
      prepared();
      failpoint('code.prepared');
      const at = clock.now();
      writeWhole(join(attempt, CODE_FILES.started), JSON.stringify({ at, ...(token === undefined ? {} : { token }) }));
      failpoint('code.started');
      await move('Running', { beginTime: at });
    },
    moved: (to, statusMessage = '') => move(to, { statusMessage: conceal(statusMessage) }),
    async checkpoint(json) {
      failpoint('code.checkpoint.before');
      writeWhole(join(runFolder, CODE_FILES.checkpoint), json);
      failpoint('code.checkpoint.after');
    },
    async ended(end) {
      const { givenUp: _givenUp, ...said } = end;
      const outcome = concealed(said, conceal);
      prepared();
      failpoint('code.ended');
      writeOutcome(attempt, outcomeText(outcome, clock.now()), () => outcomeText(brief(outcome), clock.now()));
      failpoint('code.outcome');
    },
    warn,
  };
}

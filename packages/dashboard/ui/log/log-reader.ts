import { signal, type ReadonlySignal } from '@preact/signals';
import type { LogPiece, LogPlace } from '../../src/api.ts';
import { address, ask, Refused } from '../data/ask.ts';
import { append, nextAsk, prepend, startAt, type LogWindow, type Wanted } from './log-window.ts';

export type Where = 'start' | 'end' | number;

/** Reads one channel by pieces and holds the window over it. One question at a time; an answer that is late for a jump is dropped. */
export interface LogReader {
  readonly window: ReadonlySignal<LogWindow | undefined>;
  readonly error: ReadonlySignal<Refused | undefined>;
  readonly isBusy: ReadonlySignal<boolean>;
  /** Shows the lines from there on, and forgets the others. */
  jump(where: Where): Promise<void>;
  /** More before the window, if there is more and nothing is asked already. */
  before(): Promise<void>;
  after(): Promise<void>;
  /** The file has grown to this size, or has ended. */
  grown(size: number, ended: boolean): void;
  end(): void;
}

/** Bytes of a question: enough for some screens of lines, whatever their length; more where few of the lines are wanted. */
const [LEAST, FIRST, MOST] = [4_096, 32_768, 1_048_576];
const AIM = 300;

export function createLogReader({ jobId, attempt, channel }: LogPlace, wanted: Wanted): LogReader {
  const window = signal<LogWindow | undefined>(undefined);
  const error = signal<Refused | undefined>(undefined);
  const isBusy = signal(false);
  let stop = new AbortController();
  let bytes = FIRST;
  const read = async (question: { readonly from?: number; readonly before?: number }, take: (piece: LogPiece) => LogWindow | undefined): Promise<void> => {
    stop.abort();
    const mine = (stop = new AbortController());
    isBusy.value = true;
    try {
      const piece = await ask<LogPiece>(address(`/api/jobs/${jobId}/log`, { attempt, channel, bytes, ...question }), mine.signal);
      if (mine.signal.aborted) return;
      const rows = piece.lines.filter(wanted).length;
      bytes = Math.round(Math.min(MOST, Math.max(LEAST, rows === 0 ? bytes * 4 : ((piece.to - piece.from) / rows) * AIM)));
      window.value = take(piece);
      error.value = undefined;
    } catch (cause) {
      if (mine.signal.aborted) return;
      if (!(cause instanceof Refused)) throw cause;
      error.value = cause;
    } finally {
      if (stop === mine) isBusy.value = false;
    }
  };
  return {
    window,
    error,
    isBusy,
    jump: (where) => read(where === 'end' ? {} : { from: where === 'start' ? 0 : where }, (piece) => startAt(piece, wanted, where === 'end')),
    async before() {
      const known = window.peek();
      if (isBusy.peek() || known === undefined || known.from === 0) return;
      await read({ before: known.from }, (piece) => prepend(known, piece, wanted));
    },
    async after() {
      const known = window.peek();
      if (isBusy.peek() || known === undefined || known.to >= known.size) return;
      await read({ from: nextAsk(known) }, (piece) => append(window.peek() ?? known, piece, wanted));
    },
    grown(size, ended) {
      const known = window.peek();
      if (known !== undefined && (size > known.size || ended !== known.ended)) window.value = { ...known, size: Math.max(size, known.size), ended };
    },
    end: () => stop.abort(),
  };
}

import { signal, type ReadonlySignal } from '@preact/signals';
import type { LogMatches, LogPlace } from '../../src/api.ts';
import { address, ask, Refused } from '../data/ask.ts';

/** What was found so far, by place; `upTo` tells how far one has looked, and `isDone` that all was looked through. */
export interface Found {
  readonly text: string;
  readonly places: readonly number[];
  /** The one that is shown; -1: none yet. */
  readonly current: number;
  readonly looked: number;
  readonly size: number;
  readonly isDone: boolean;
  readonly trouble?: string;
}

export interface LogSearch {
  readonly found: ReadonlySignal<Found | undefined>;
  /** Looks from `from` to the end, then from the start; shows the first one that comes. */
  start(text: string, from: number): void;
  step(by: 1 | -1): void;
  end(): void;
}

const MOST = 5_000;
/** The first one comes soon; after that larger answers are fewer questions: the server gives no more than this. */
const [FEW, MANY] = [20, 500];

export function createLogSearch({ jobId, attempt, channel }: LogPlace, show: (at: number) => void): LogSearch {
  const found = signal<Found | undefined>(undefined);
  let stop = new AbortController();
  const look = async (text: string, first: number, mine: AbortSignal): Promise<void> => {
    let from: number | null = first;
    let [looked, isBack] = [0, first === 0];
    while (from !== null && !mine.aborted) {
      const limit = (found.peek()?.places.length ?? 0) === 0 ? FEW : MANY;
      const answer: LogMatches = await ask<LogMatches>(address(`/api/jobs/${jobId}/log/search`, { attempt, channel, text, from, limit }), mine);
      if (mine.aborted) return;
      looked += (answer.next ?? answer.size) - from;
      add(answer, looked);
      from = answer.next;
      if (isBack && from !== null && first > 0 && from >= first) from = null;
      if (from === null && !isBack) [from, isBack] = [0, true];
      if ((found.peek()?.places.length ?? 0) >= MOST) break;
    }
    if (found.value !== undefined && !mine.aborted) found.value = { ...found.value, isDone: true };
  };
  const add = ({ matches, size }: LogMatches, looked: number): void => {
    const known = found.peek();
    if (known === undefined) return;
    const shown = known.places[known.current];
    const places = [...new Set([...known.places, ...matches.map(({ at }) => at)])].sort((one, other) => one - other);
    const next = shown ?? matches[0]?.at;
    found.value = { ...known, places, size, looked: Math.min(looked, size), current: next === undefined ? -1 : places.indexOf(next) };
    if (shown === undefined && next !== undefined) show(next);
  };
  return {
    found,
    start(text, from) {
      stop.abort();
      stop = new AbortController();
      const mine = stop.signal;
      if (text === '') return void (found.value = undefined);
      found.value = { text, places: [], current: -1, looked: 0, size: 0, isDone: false };
      look(text, from, mine).catch((cause: unknown) => {
        if (mine.aborted) return;
        if (!(cause instanceof Refused)) throw cause;
        if (found.value !== undefined) found.value = { ...found.value, isDone: true, trouble: cause.facts.message };
      });
    },
    step(by) {
      const known = found.peek();
      if (known === undefined || known.places.length === 0) return;
      const current = (known.current + by + known.places.length) % known.places.length;
      found.value = { ...known, current };
      show(known.places[current] as number);
    },
    end: () => stop.abort(),
  };
}

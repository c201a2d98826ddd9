/**
 * What is due in the next 24 hours, of ten thousand definitions: counted in the background, a little at a time, and only while
 * somebody asks. A definition is counted anew when it changes, and all are when the next quarter of an hour begins.
 */
import type { KnownDefinition } from '@nightshift/host';
import type { DueAhead } from '../api.ts';
import type { Desk } from '../desk.ts';
import { dueTimesOf, nextOf } from './rows.ts';

export interface DueBook {
  /** When a definition is due next; remembered until then. */
  next(known: KnownDefinition, now: Date): Date | undefined;
  /** What is known so far; counting goes on meanwhile. */
  ahead(now: Date): Promise<DueAhead>;
  /** How many definitions are not counted yet. */
  readonly uncounted: number;
}

/** Lets everybody else have their turn. */
const breathe = (): Promise<void> => new Promise((resolve) => void setImmediate(resolve));

const QUARTER = 900_000;
const QUARTERS = 96;
const DAY = QUARTERS * QUARTER;
const SHOWN = 50;
/** Fewer due times are walked through; of more, each quarter is counted by arithmetic. */
const FEW = 2 * QUARTERS;
/** Milliseconds of counting before others get their turn, and before whoever asks is answered. */
const TURN = 10;
const PATIENCE = 60;

interface Counted {
  /** Number of the quarter, since 1970, with which `perQuarter` begins. */
  readonly begin: number;
  readonly perQuarter: Uint32Array;
}

export function createDueBook(desk: Desk): DueBook {
  const { survey } = desk;
  const nexts = new WeakMap<KnownDefinition, { readonly askedAt: number; readonly at: number }>();
  const counted = new Map<string, { readonly known: KnownDefinition; readonly counted: Counted }>();
  let sums = new Uint32Array(QUARTERS);
  let begin = 0;
  let uncounted = 0;
  let counting: Promise<void> | undefined;

  const next = (known: KnownDefinition, now: Date): Date | undefined => {
    const before = nexts.get(known);
    if (before !== undefined && before.askedAt <= now.getTime() && now.getTime() < before.at) return before.at === Infinity ? undefined : new Date(before.at);
    const due = nextOf(known, now);
    nexts.set(known, { askedAt: now.getTime(), at: due?.getTime() ?? Infinity });
    return due;
  };
  const add = ({ perQuarter }: Counted, by: 1 | -1): void => perQuarter.forEach((count, index) => void ((sums[index] as number) += by * count));
  const count = async (): Promise<void> => {
    const { all } = survey.definitions;
    for (const [key, { counted: old }] of counted) {
      if (all.has(key)) continue;
      add(old, -1);
      counted.delete(key);
    }
    const waiting = [...all.values()].filter((known) => counted.get(known.key)?.known !== known);
    uncounted = waiting.length;
    let since = survey.clock.monotonic();
    for (const known of waiting) {
      const of = { begin, perQuarter: quartersOf(known, begin) };
      const old = counted.get(known.key);
      if (old !== undefined) add(old.counted, -1);
      counted.set(known.key, { known, counted: of });
      add(of, 1);
      uncounted -= 1;
      if (survey.clock.monotonic() - since < TURN) continue;
      await breathe();
      since = survey.clock.monotonic();
    }
  };
  const begins = (now: Date): void => {
    const quarter = Math.floor(now.getTime() / QUARTER);
    if (quarter === begin || counting !== undefined) return;
    begin = quarter;
    sums = new Uint32Array(QUARTERS);
    counted.clear();
  };
  return {
    next,
    get uncounted() {
      return uncounted;
    },
    async ahead(now) {
      begins(now);
      counting ??= count().finally(() => (counting = undefined));
      await Promise.race([counting, survey.clock.sleep(PATIENCE)]);
      const from = new Date(begin * QUARTER);
      const until = new Date(now.getTime() + DAY);
      const byNext = [...survey.definitions.all.values()].map((known) => ({ known, at: next(known, now)?.getTime() ?? Infinity })).filter(({ at }) => at <= until.getTime());
      const first = byNext.toSorted((a, b) => a.at - b.at).slice(0, SHOWN).map(({ known }) => known);
      return { from: from.toISOString(), to: new Date(from.getTime() + DAY).toISOString(), perQuarter: [...sums], first: dueTimesOf(desk, first, now, until, SHOWN) };
    },
  };
}

/** Of the 96 quarters of an hour from one on. */
function quartersOf({ enabled, triggers }: KnownDefinition, begin: number): Uint32Array {
  const counts = new Uint32Array(QUARTERS);
  const [from, until] = [new Date(begin * QUARTER - 1), new Date(begin * QUARTER + DAY - 1)];
  for (const trigger of enabled ? triggers : []) {
    if (!trigger.enabled || trigger.opened.isEvent) continue;
    const { opened } = trigger;
    if (opened.count(from, until) > FEW) {
      for (let index = 0; index < QUARTERS; index += 1) (counts[index] as number) += opened.count(new Date(from.getTime() + index * QUARTER), new Date(from.getTime() + (index + 1) * QUARTER));
      continue;
    }
    for (let due = opened.next(from)?.dueAt; due !== undefined && due <= until; due = opened.next(due)?.dueAt) (counts[Math.floor(due.getTime() / QUARTER) - begin] as number) += 1;
  }
  return counts;
}

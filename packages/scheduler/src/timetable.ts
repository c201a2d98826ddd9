import type { TriggerClock } from '@nightshift/sdk';
import { createInstantHeap, type HeapEntry } from './heap.ts';
import type { ScheduledDefinition } from './scheduled-definition.ts';
import type { TriggerState } from './trigger-state.ts';

/** A definition with the triggers of it that have something to say. */
export interface Standing<Plan> {
  readonly definition: ScheduledDefinition<Plan>;
  readonly triggers: readonly TriggerState[];
}

/** Which definitions there are, and which of them is next. One heap for all; an entry that is out of date is passed over when it comes up. */
export interface Timetable<Plan> {
  readonly definitions: number;
  readonly triggers: number;
  get(key: string): Standing<Plan> | undefined;
  keys(): IterableIterator<string>;
  /** Every clock, in no order. */
  clocks(): Iterable<TriggerClock>;
  /** Clocks of definitions for which the machine is to be woken. */
  waking(): readonly TriggerClock[];
  put(definition: ScheduledDefinition<Plan>, triggers: readonly TriggerState[]): void;
  remove(key: string): void;
  /** Puts clocks of a definition in the place of those that it had. */
  move(key: string, clocks: readonly TriggerClock[]): void;
  /** Takes out up to `limit` definitions with a trigger that is due at or before `now`, and those triggers. They come up again when their clocks move. */
  due(now: number, limit: number): readonly Standing<Plan>[];
  /** Puts back what was taken out and not decided. */
  again(standings: readonly Standing<Plan>[]): void;
  /** In milliseconds since 1970; Infinity when nothing is foreseen. */
  nextDueAt(): number;
  /** Triggers that wait for something that the machine does; of those that wait for a boot the ones that have not seen this one. */
  waiting(event: MachineEvent): readonly Standing<Plan>[];
  /** Whether any trigger waits for it. */
  awaits(event: MachineEvent): boolean;
}

type MachineEvent = NonNullable<TriggerState['event']>;

interface Entry<Plan> {
  definition: ScheduledDefinition<Plan>;
  triggers: readonly TriggerState[];
}

/** So many entries of the heap may be out of date before it is made anew; and as many as are not. */
const STALE = 1_024;

/** `boot` is the one of now. */
export function createTimetable<Plan>(boot: string): Timetable<Plan> {
  const entries = new Map<string, Entry<Plan>>();
  /** What the numbers in the heap stand for; a definition that is gone leaves its place empty, for the next one. */
  const places: (TriggerState | undefined)[] = [];
  const placeOf = new Map<TriggerState, number>();
  const free: number[] = [];
  /** Keys of definitions that wait for an event. */
  const events: Readonly<Record<MachineEvent, Set<string>>> = { atStartup: new Set(), atLogOn: new Set() };
  let heap = createInstantHeap();
  let triggers = 0;

  const waits = ({ event, clock }: TriggerState): boolean => event === 'atLogOn' || (event === 'atStartup' && clock.event !== boot);

  const enter = (state: TriggerState): void => {
    const { nextDueAt } = state.clock;
    if (nextDueAt === undefined) return;
    const place = free.pop() ?? places.length;
    places[place] = state;
    placeOf.set(state, place);
    heap.push(nextDueAt.getTime(), place);
  };
  /** The heap still holds the number: it is free when it comes up. */
  const leave = (state: TriggerState): void => {
    const place = placeOf.get(state);
    if (place === undefined) return;
    placeOf.delete(state);
    places[place] = undefined;
    if (heap.size > STALE + 2 * placeOf.size) rebuild();
  };
  const rebuild = (): void => {
    heap = createInstantHeap();
    free.length = 0;
    for (const [place, state] of places.entries()) {
      if (state === undefined) free.push(place);
      else heap.push((state.clock.nextDueAt as Date).getTime(), place);
    }
  };
  /** Keys of definitions that want the machine awake. */
  const wakers = new Set<string>();
  const noteEvents = (key: string, states: readonly TriggerState[]): void => {
    for (const [event, keys] of Object.entries(events)) {
      if (states.some((state) => state.event === event && waits(state))) keys.add(key);
      else keys.delete(key);
    }
  };
  /** The first entry that is not out of date; those before it are dropped. */
  const top = (): HeapEntry | undefined => {
    for (;;) {
      const entry = heap.peek();
      if (entry === undefined || places[entry.index] !== undefined) return entry;
      free.push(entry.index);
      heap.pop();
    }
  };

  return {
    get definitions() {
      return entries.size;
    },
    get triggers() {
      return triggers;
    },
    get: (key) => entries.get(key),
    keys: () => entries.keys(),
    *clocks() {
      for (const entry of entries.values()) for (const { clock } of entry.triggers) yield clock;
    },
    waking: () => [...wakers].flatMap((key) => (entries.get(key)?.triggers ?? []).map(({ clock }) => clock)),
    put(definition, states) {
      this.remove(definition.key);
      entries.set(definition.key, { definition, triggers: states });
      triggers += states.length;
      states.forEach(enter);
      if (definition.policy.wakes) wakers.add(definition.key);
      noteEvents(definition.key, states);
    },
    remove(key) {
      const entry = entries.get(key);
      if (entry === undefined) return;
      entry.triggers.forEach(leave);
      triggers -= entry.triggers.length;
      entries.delete(key);
      wakers.delete(key);
      noteEvents(key, []);
    },
    move(key, clocks) {
      const entry = entries.get(key);
      if (entry === undefined) return;
      entry.triggers = entry.triggers.map((state) => {
        const clock = clocks.find(({ triggerId }) => triggerId === state.clock.triggerId);
        if (clock === undefined) return state;
        leave(state);
        const moved = { ...state, clock };
        enter(moved);
        return moved;
      });
      noteEvents(key, entry.triggers);
    },
    due(now, limit) {
      const found = new Map<string, TriggerState[]>();
      for (let entry = top(); entry !== undefined && entry.instant <= now; entry = top()) {
        const state = places[entry.index] as TriggerState;
        const { definition } = state.clock;
        if (!found.has(definition) && found.size === limit) break;
        leave(state);
        const states = found.get(definition) ?? [];
        states.push(state);
        found.set(definition, states);
      }
      return [...found].map(([key, states]) => ({ definition: (entries.get(key) as Entry<Plan>).definition, triggers: states }));
    },
    again(standings) {
      for (const { triggers: states } of standings) for (const state of states) if (!placeOf.has(state) && entries.get(state.clock.definition)?.triggers.includes(state) === true) enter(state);
    },
    nextDueAt: () => top()?.instant ?? Infinity,
    waiting(event) {
      return [...events[event]].map((key) => {
        const entry = entries.get(key) as Entry<Plan>;
        return { definition: entry.definition, triggers: entry.triggers.filter((state) => state.event === event && waits(state)) };
      });
    },
    awaits: (event) => events[event].size > 0,
  };
}

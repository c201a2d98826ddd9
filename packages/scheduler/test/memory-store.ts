import type { Firing, FiringDecision, FiringQuery, FiringResult, FiringStore, Instance, JobErrorFacts, NewFiring, TriggerClock } from '@nightshift/sdk';
import { isFinished, JobError } from '@nightshift/sdk';

type Row = { -readonly [Key in keyof Firing]: Firing[Key] };

/** The contract of the firing store, in memory: every call is one step, refused whole or done whole. */
export class MemoryStore implements FiringStore {
  readonly rows: Row[] = [];
  readonly clockRows = new Map<string, TriggerClock>();
  readonly instances = new Map<number, Instance>();
  /** What the next writes fail with. */
  trouble: JobErrorFacts | undefined;
  /** Calls of `fire`, each with its decisions. */
  readonly fired: (readonly FiringDecision[])[] = [];
  /** Happens before the next decision is looked at, once: somebody else is quicker. */
  before: (() => void) | undefined;
  #ids = 0;

  async clocks(definitions?: readonly string[]): Promise<readonly TriggerClock[]> {
    return [...this.clockRows.values()].filter(({ definition }) => definitions?.includes(definition) ?? true);
  }

  async fire(decisions: readonly FiringDecision[]): Promise<readonly FiringResult[]> {
    this.#fail();
    this.before?.();
    this.before = undefined;
    this.fired.push(decisions);
    return decisions.map((decision) => this.#refusal(decision) ?? this.#write(decision));
  }

  async definitions(): Promise<readonly string[]> {
    return [...new Set([...this.rows, ...this.clockRows.values()].map(({ definition }) => definition))].toSorted();
  }

  async firings({ definitions, since, until, word, limit }: FiringQuery): Promise<readonly Firing[]> {
    return this.rows
      .filter((row) => (definitions?.includes(row.definition) ?? true) && !(since !== undefined && row.lastDueAt < since) && !(until !== undefined && row.dueAt > until) && (word ?? row.word) === row.word)
      .toSorted((a, b) => b.lastDueAt.getTime() - a.lastDueAt.getTime())
      .slice(0, limit);
  }

  async countFirings(query: Omit<FiringQuery, 'limit'>): Promise<number> {
    return (await this.firings({ ...query, limit: Infinity })).reduce((sum, { count }) => sum + count, 0);
  }

  async voidAfter(definitions: readonly string[], after: Date, now: Date): Promise<number> {
    this.#fail();
    let voided = 0;
    for (const row of this.rows.filter((one) => definitions.includes(one.definition) && one.word !== 'Void' && one.lastDueAt > after)) {
      voided += 1;
      if (row.dueAt > after) row.word = 'Void';
      else this.#split(row, after, now);
    }
    for (const [key, clock] of this.clockRows) {
      if (!definitions.includes(clock.definition) || ((clock.lastDueAt ?? clock.knownSince) <= after && clock.knownSince <= after)) continue;
      const newest = this.#rowsOf(clock.definition, clock.triggerId).map(({ lastDueAt }) => lastDueAt.getTime());
      const { nextDueAt: _, ...rest } = clock;
      this.clockRows.set(key, {
        ...rest,
        knownSince: clock.knownSince > after ? now : clock.knownSince,
        lastDueAt: new Date(Math.max(now.getTime(), ...newest)),
        ...(clock.event === undefined ? { nextDueAt: now } : {}),
      });
    }
    return voided;
  }

  /** The due times of a range are taken to be evenly spaced: a store knows no better. What was due until now keeps its word. */
  #split(row: Row, after: Date, now: Date): void {
    const step = (row.lastDueAt.getTime() - row.dueAt.getTime()) / (row.count - 1);
    const kept = Math.min(row.count - 1, 1 + Math.floor((after.getTime() - row.dueAt.getTime()) / step));
    this.rows.push({ ...row, dueAt: new Date(Math.max(row.dueAt.getTime() + kept * step, after.getTime() + 1)), count: row.count - kept, word: 'Void' });
    row.lastDueAt = new Date(Math.max(row.dueAt.getTime() + (kept - 1) * step, Math.min(now.getTime(), after.getTime())));
    row.count = kept;
  }

  #fail(): void {
    if (this.trouble !== undefined) throw new JobError(this.trouble);
  }

  #rowsOf(definition: string, triggerId: number): readonly Row[] {
    return this.rows.filter((row) => row.definition === definition && row.triggerId === triggerId && row.word !== 'Void');
  }

  #refusal({ definition, clocks, firings, unfinished }: FiringDecision): FiringResult | undefined {
    const isTaken = ({ triggerId, dueAt, lastDueAt = dueAt }: NewFiring): boolean => this.#rowsOf(definition, triggerId).some((row) => row.dueAt <= lastDueAt && row.lastDueAt >= dueAt);
    const isOver = ({ triggerId, dueAt, waited }: NewFiring): boolean => waited === true && !this.#rowsOf(definition, triggerId).some((row) => row.word === 'Waiting' && row.dueAt.getTime() === dueAt.getTime());
    if (firings.some(isOver) || firings.filter(({ waited }) => waited !== true).some(isTaken)) return { is: 'already-fired' };
    const found = [...this.instances.values()].filter((one) => one.parentId === undefined && one.definition?.key === definition && !isFinished(one.state)).map(({ id }) => id);
    if (unfinished !== undefined && String(unfinished) !== String(found.toSorted((a, b) => a - b))) return { is: 'changed' };
    const stands = ({ from, to }: FiringDecision['clocks'][number]): boolean => essence(this.clockRows.get(keyOf((from ?? to) as TriggerClock))) === essence(from);
    return clocks.every(stands) ? undefined : { is: 'changed' };
  }

  #write({ definition, decidedAt, clocks, firings, starts = [] }: FiringDecision): FiringResult {
    const instances: Instance[] = [];
    for (const { start, lengthens, waited, ...firing } of firings) {
      const row = waited === true ? this.rows.findIndex((one) => one.definition === definition && one.triggerId === firing.triggerId && one.word === 'Waiting' && one.dueAt.getTime() === firing.dueAt.getTime()) : -1;
      if (row !== -1) this.rows.splice(row, 1);
      const { dueAt, lastDueAt = dueAt, count = 1 } = firing;
      const last = this.#rowsOf(definition, firing.triggerId).reduce<Row | undefined>((a, b) => (a === undefined || b.dueAt > a.dueAt ? b : a), undefined);
      if (lengthens === true && last?.word === 'Skipped' && last.reason === firing.reason) Object.assign(last, { lastDueAt, count: last.count + count, decidedAt });
      else this.rows.push({ ...firing, definition, decidedAt, lastDueAt, count });
      for (const one of start ?? []) instances.push(this.insert(one, one === start?.[1] ? this.#ids : undefined));
    }
    for (const start of starts) for (const one of start) instances.push(this.insert(one, one === start[1] ? this.#ids : undefined));
    for (const { from, to } of clocks) {
      if (to !== undefined) this.clockRows.set(keyOf(to), to);
      else if (from !== undefined) this.clockRows.delete(keyOf(from));
    }
    return { is: 'fired', instances };
  }

  insert(one: Pick<Instance, 'instanceId'> & object, parentId: number | undefined): Instance {
    this.#ids += 1;
    const instance = { name: `Job${this.#ids}`, location: 'localhost', ...one, id: this.#ids, attempt: 1, state: 'NotStarted', ...(parentId === undefined ? {} : { parentId }) } as unknown as Instance;
    this.instances.set(instance.id, instance);
    return instance;
  }
}

function keyOf({ definition, triggerId }: TriggerClock): string {
  return `${triggerId} ${definition}`;
}

/** What a clock is recognised by. */
function essence(clock: TriggerClock | undefined): string {
  return JSON.stringify(clock && [clock.revision, clock.enabled, clock.lastDueAt, clock.event]);
}

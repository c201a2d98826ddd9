// Two checks that cannot hide each other's fault: what the jobs themselves wrote against the oracle, and what the product
// says of itself against the same oracle. I1 to I9: reliability specification 12.2.

import { globSync, existsSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { expect as assert } from 'vitest';
import { quiet } from '../processes.ts';
import { expectSound, isOver, jobsIn, type JobFacts } from '../product.ts';
import { dueTimes } from './due-times.ts';
import { wordsFor, type Expectation, type Rule, type Word } from './oracle-of-firings.ts';
import type { Effect, World } from './world.ts';

export interface FiringRow {
  readonly definition: string;
  readonly triggerId: number;
  readonly dueAt: string;
  readonly lastDueAt: string;
  readonly count: number;
  readonly decidedAt: string;
  readonly word: 'Started' | 'Skipped' | 'Void';
  readonly reason: string | null;
  readonly instanceId: string | null;
  readonly state: string | null;
}

const at = (instant: number): string => new Date(instant).toISOString();

/** I1: each due time has the effects that the oracle demands, `times` of them where a run is tried again. */
export function checkEffects(effects: readonly Effect[], { words, voided }: Expectation, times = 1): void {
  const count = new Map<number, number>();
  for (const { due } of effects) count.set(due, (count.get(due) ?? 0) + 1);
  const wrong: string[] = [];
  for (const due of new Set([...words.keys(), ...count.keys(), ...voided])) {
    const possible = words.get(due) ?? new Set<Word>();
    const before = voided.filter((one) => one === due).length;
    const [least, most] = [(possible.has('Started') && possible.size === 1 ? 1 : 0) + before, (possible.has('Started') ? 1 : 0) + before].map((one) => one * times) as [number, number];
    const found = count.get(due) ?? 0;
    if (found < least || found > most) wrong.push(`${at(due)}: ${found} effects instead of ${least === most ? least : `${least} to ${most}`} (${[...possible].join(' or ') || 'not due'})`);
  }
  assert(wrong).toEqual([]);
  // Where a due time came again because its first row was void, two jobs have run for it.
  for (const [due, attempts] of attemptsOf(effects)) if (!voided.includes(due)) assert({ due: at(due), attempts }).toEqual({ due: at(due), attempts: [...new Set(attempts)].toSorted((a, b) => a - b) });
}

function attemptsOf(effects: readonly Effect[]): Map<number, number[]> {
  const attempts = new Map<number, number[]>();
  for (const { due, attempt } of effects) attempts.set(due, [...(attempts.get(due) ?? []), attempt]);
  return attempts;
}

/** What `nightshift history` says, by the name of the definition, oldest first. */
export async function histories(world: World): Promise<ReadonlyMap<string, FiringRow[]>> {
  const { status, stdout, stderr } = await world.ask('nightshift', 'history', '--definition-path', world.definitions, '-o', 'json', '--newest', '1000000');
  assert({ status, stderr }).toEqual({ status: 0, stderr: '' });
  const { firings } = JSON.parse(stdout.toString()) as { firings: FiringRow[] };
  return Map.groupBy(firings.toReversed(), ({ definition }) => definition);
}

export async function history(world: World, name: string): Promise<FiringRow[]> {
  return (await histories(world)).get(name) ?? [];
}

export async function listed(world: World, ...args: readonly string[]): Promise<JobFacts[]> {
  return jobsIn(await world.ask('get-job', ...args, '-o', 'json'));
}

/** I2: every due time in exactly one row or range, with a word that the oracle allows, and that follows from the decisions before. */
export function checkHistory(firings: readonly FiringRow[], { words }: Expectation, rule: Rule, anchor: number): void {
  const living = firings.filter(({ word }) => word !== 'Void').toSorted((a, b) => Date.parse(a.dueAt) - Date.parse(b.dueAt));
  const told = new Map<number, Word>();
  const wrong: string[] = [];
  for (const row of living) {
    const [first, last] = [Date.parse(row.dueAt), Date.parse(row.lastDueAt)];
    const due = dueTimes(rule.schedule, first - 1, last, anchor);
    if (due.length !== row.count || due[0] !== first || due.at(-1) !== last) wrong.push(`${row.dueAt} to ${row.lastDueAt}: ${row.count} due times instead of ${due.length}`);
    if (row.word === 'Started' && row.count !== 1) wrong.push(`${row.dueAt}: one row for ${row.count} starts`);
    for (const one of due) {
      if (told.has(one)) wrong.push(`${at(one)} stands in two rows`);
      told.set(one, row.word === 'Started' ? 'Started' : (row.reason as Word));
    }
  }
  for (const due of new Set([...words.keys(), ...told.keys()])) {
    const [word, possible] = [told.get(due), words.get(due)];
    if (word === undefined || possible === undefined || !possible.has(word)) wrong.push(`${at(due)}: ${word ?? 'no row'} instead of ${possible === undefined ? 'nothing' : [...possible].join(' or ')}`);
  }
  assert(wrong).toEqual([]);
}

/** The words of each decision follow from what was due since the one before. Only where the clock was never set back and nothing was edited. */
export function checkDecisions(firings: readonly FiringRow[], rule: Rule, anchor: number): void {
  const wrong: string[] = [];
  let from = anchor;
  for (const [decidedAt, told] of Map.groupBy(firings, ({ decidedAt }) => Date.parse(decidedAt))) {
    const due = dueTimes(rule.schedule, from, decidedAt, anchor);
    const reference = wordsFor(rule.catchUp, due, decidedAt).map(([one, word]) => `${at(one)} ${word}`);
    const product = told.flatMap(({ dueAt, lastDueAt, word, reason }) => dueTimes(rule.schedule, Date.parse(dueAt) - 1, Date.parse(lastDueAt), anchor).map((one) => `${at(one)} ${word === 'Started' ? word : reason}`));
    if (reference.join() !== product.toSorted().join()) wrong.push(`decided at ${at(decidedAt)}: ${product.join(', ')} instead of ${reference.join(', ')}`);
    from = due.at(-1) ?? from;
  }
  assert(wrong).toEqual([]);
}

/** The same, told by files and jobs: what a row says was started has run, and what ran has a row. I1 against I2. */
export function checkStarted(firings: readonly FiringRow[], effects: readonly Effect[]): void {
  const started = firings.filter(({ word, instanceId }) => word === 'Started' || (word === 'Void' && instanceId !== null)).map(({ dueAt }) => dueAt);
  const ran = effects.map(({ due }) => at(due));
  assert([...new Set(started)].toSorted()).toEqual([...new Set(ran)].toSorted());
  const instances = firings.filter(({ word }) => word === 'Started').map(({ instanceId }) => instanceId);
  assert(instances).not.toContain(null);
  assert(new Set(instances).size).toBe(instances.length);
}

/** I3: nothing is left unfinished, and no row has two attempts of one number. */
export async function checkFinished(world: World): Promise<JobFacts[]> {
  const all = await listed(world, '--all');
  assert(all.filter((job) => !isOver(job))).toEqual([]);
  return all;
}

/** I5, of a job that says nothing but its effects: what its folders hold is what it wrote to the log, each line once. */
export function checkOutput(world: World, name: string): void {
  const told = world.effects(name).map(({ line }) => `${line}\n`);
  const written = globSync(`output/*/${name}/*/*/stdout`, { cwd: world.store.state }).map((path) => readFileSync(join(world.store.state, path), 'utf8')).filter((text) => text !== '');
  assert(written.filter((text) => !told.includes(text))).toEqual([]);
  assert(new Set(written).size).toBe(written.length);
}

/** I6 and I7, once everything is over: sound databases, no process, no file half-written, no claim without an end. */
export async function checkRemains(world: World): Promise<void> {
  await quiet(world.mark);
  expectSound(world.store);
  const left = globSync('**/*', { cwd: world.store.state }).filter((path) => /\.tmp|\.new$|~$/.test(path));
  assert(left).toEqual([]);
}

/** Run folders of a definition, oldest first. */
export function runFolders(world: World, name: string): string[] {
  return globSync(`output/*/${name}/*`, { cwd: world.store.state }).filter((path) => /\/\d{8}-\d{6}-\d{3}-[0-9a-f]{8}$/.test(path)).toSorted().map((path) => join(world.store.state, path));
}

/** Whether the attempt in that folder ran and was ended by somebody who wrote it down. */
export function hasExit(folder: string): boolean {
  const path = join(folder, 'exit.json');
  return existsSync(path) && statSync(path).size > 0 && readFileSync(path, 'utf8').trim() !== '';
}

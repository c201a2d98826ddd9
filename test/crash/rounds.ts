// Which rounds are played: a kill at every failpoint of a launch, at moments after the id was printed, and at any time.

import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { newFolder, newStore, run } from './product.ts';
import { randomOf, type Random } from './random.ts';

/** When everything of ours is killed, once the id has been printed (or the job has shown itself). */
export const MOMENTS = {
  'at the first byte of the id': 'the CLI is still there',
  'while the command writes': 'nothing waits at the gate',
  'while the command waits half-way': 'the CLI has ended',
  'with start-job --wait attached': 'its output has been shown in part',
  'with receive-job --follow attached': 'a reader shows it',
  'with wait-job attached': 'a reader waits for it',
  'while readers look at its end': 'any of them may be the one that records it',
} as const;

export type Moment = keyof typeof MOMENTS;

export type Kill =
  | { readonly at: 'failpoint'; readonly point: string; readonly hit: number }
  | { readonly at: 'id'; readonly moment: Moment }
  | { readonly at: 'time'; readonly milliseconds: number };

export interface Round {
  readonly number: number;
  readonly title: string;
  readonly kill: Kill;
  /** `new`: the first start of a user ever, which makes folders and databases as well. */
  readonly store: 'session' | 'durable' | 'new';
  readonly program: 'job.sh' | 'job.mjs';
  readonly exitCode: number;
}

/** Points of a launch in the order in which it reaches them, for each store. */
export interface LaunchPoints {
  readonly session: readonly string[];
  readonly durable: readonly string[];
}

/** Asks a start of each kind which points it passes. */
export async function launchPoints(): Promise<LaunchPoints> {
  return { session: await pointsOf([]), durable: await pointsOf(['--persist']) };
}

async function pointsOf(options: readonly string[]): Promise<string[]> {
  const list = join(newFolder(), 'points');
  const { status, stderr } = await run(newStore(), 'start-job', [...options, '--', 'true'], { failpoints: `list:${list}` });
  if (status !== 0) throw new Error(`start-job ended with ${status}: ${stderr}`);
  return readFileSync(list, 'utf8').split('\n').slice(0, -1);
}

/** The points of a launch that stand in the sources. */
export function pointsInSources(): string[] {
  const root = fileURLToPath(new URL('../..', import.meta.url));
  const sources = globSync('{packages,plugins}/*/src/**/*.ts', { cwd: root }).map((path) => readFileSync(join(root, path), 'utf8'));
  return [...new Set(sources.flatMap((text) => [...text.matchAll(/\bfailpoint\('((?:start|spawn|running)\.\w+)'\)/g)].map(([, name]) => name as string)))];
}

/** What a shell, a signal and the shim itself also use as codes. */
const CODES = [0, 0, 1, 3, 42, 125, 126, 127, 130, 137, 141, 143, 255];

export function roundsOf(seed: number, points: LaunchPoints): Round[] {
  const random = randomOf(seed);
  const plan: Omit<Round, 'number' | 'title' | 'exitCode'>[] = [];
  for (const store of ['session', 'durable'] as const) {
    for (const [index, point] of points[store].entries()) {
      const hit = points[store].slice(0, index + 1).filter((name) => name === point).length;
      plan.push({ kill: { at: 'failpoint', point, hit }, store, program: random.oneOf(['job.sh', 'job.mjs']) });
    }
    // Here the command is no Node process: every one of those is ours, and is killed.
    for (const moment of Object.keys(MOMENTS) as Moment[]) plan.push({ kill: { at: 'id', moment }, store, program: 'job.sh' });
  }
  for (const store of ['session', 'durable', 'new', 'new'] as const) {
    for (const [least, most] of [[15, 45], [45, 90]] as const) plan.push({ kill: { at: 'time', milliseconds: random.between(least, most) }, store, program: 'job.sh' });
  }
  return shuffled(plan, random).map((round, index) => {
    const exitCode = random.oneOf(CODES);
    return { ...round, number: index + 1, exitCode, title: `killed ${titleOf(round.kill)}; ${round.store} store, ${round.program}, exit code ${exitCode}` };
  });
}

function titleOf(kill: Kill): string {
  if (kill.at === 'failpoint') return `at ${kill.point}${kill.hit > 1 ? ` (${kill.hit})` : ''}`;
  return kill.at === 'id' ? kill.moment : `after ${kill.milliseconds} ms`;
}

function shuffled<T>(list: readonly T[], random: Random): T[] {
  const left = [...list];
  return list.map(() => left.splice(random.between(0, left.length - 1), 1)[0] as T);
}

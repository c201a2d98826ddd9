/**
 * A long life in short: `npm run soak -- --hours 24 [--schedules 1000] [--out FOLDER]`.
 *
 * A thousand schedules from a second to a day, five jobs a second altogether; the scheduler is killed every five to fifteen
 * minutes and started again at once; definitions change every minute; five followers read. Every ten seconds its memory,
 * descriptors, threads and firing delay go to `soak.csv`. The verdict is a linear fit of what was measured after a warm-up
 * of half an hour (a quarter of a shorter run), and the oracle: every due time has its word, and what was started has run
 * once. Ends with 1 where one of them fails. Source: reliability specification 11 (G12) and 12.7.
 */
import { spawn, spawnSync } from 'node:child_process';
import { appendFileSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

const { values } = parseArgs({ options: { hours: { type: 'string', default: '24' }, schedules: { type: 'string', default: '1000' }, out: { type: 'string' } } });
const [hours, schedules] = [Number(values.hours), Number(values.schedules)];
if (!(hours > 0) || !(schedules >= 10)) throw new Error('soak: --hours takes a number above 0, --schedules one of at least 10');

const SAMPLE = 10_000;
const JOBS_PER_SECOND = 5;
const WARM_UP = Math.min(1_800_000, hours * 900_000);
/** A scheduler that was started so shortly before is still growing to its usual size. */
const YOUNG = Math.min(120_000, WARM_UP / 2);
/** What may grow by how much: memory in percent an hour, descriptors by nothing that an hour would show. */
const LIMITS = { rssPercentPerHour: 0.5, descriptorsPerHour: 0.5, delayRatio: 1.2 };

const here = fileURLToPath(new URL('.', import.meta.url));
const bin = (verb) => join(here, `../../packages/cli/bin/${verb}.cjs`);
const folder = values.out ?? mkdtempSync(join(tmpdir(), 'nightshift-soak-'));
const [definitions, state, runtime, effects, csv] = ['definitions', 'state', 'runtime', 'effects', 'soak.csv'].map((name) => join(folder, name));
for (const path of [folder, definitions, state, runtime, effects]) mkdirSync(path, { recursive: true, mode: 0o700 });
const environment = { ...process.env, NIGHTSHIFT_STATE_DIR: state, NIGHTSHIFT_RUNTIME_DIR: runtime };

const intervals = intervalsOf(schedules);
const began = performance.now();
const end = began + hours * 3_600_000;
const delays = [];
let generation = 0;
let troubles = 0;

for (const [index, seconds] of intervals.entries()) define(index, seconds, 0);
let scheduler = startScheduler();
const followers = Array.from({ length: 5 }, (_, index) => follow(index));
writeFileSync(csv, 'seconds,generation,age,rssKb,descriptors,threads,delayP99Ms,troubles\n');
await Promise.all([sampling(), killing(), editing()]);
for (const follower of followers) follower.stop();
await stopScheduler();
conclude();

/** So many intervals between a second and a day that all of them together make five jobs a second. */
function intervalsOf(count) {
  const spread = (least) => Array.from({ length: count }, (_, index) => Math.round(least * (86_400 / least) ** (index / (count - 1))));
  const rate = (list) => list.reduce((sum, seconds) => sum + 1 / seconds, 0);
  const scale = Math.max(1, rate(spread(1)) / JOBS_PER_SECOND);
  return spread(1).map((seconds, index) => (index === 0 ? 1 : Math.min(86_400, Math.max(1, Math.round(seconds * scale)))));
}

function nameOf(index) {
  return `Soak${String(index).padStart(4, '0')}`;
}

function define(index, seconds, edit) {
  const job = { command: ['/bin/sh', join(here, 'programs/effect.sh'), join(effects, nameOf(index))] };
  const file = { description: `edit ${edit}`, job, triggers: [{ every: `${seconds}s` }], options: { multipleInstancePolicy: 'Parallel', maxParallel: 1_000 }, maxResultCount: 5 };
  writeFileSync(join(definitions, `${nameOf(index)}.json`), JSON.stringify(file), { mode: 0o600 });
}

function startScheduler() {
  generation += 1;
  const child = spawn(process.execPath, [bin('nightshift'), 'scheduler', 'run', '--definition-path', definitions, '-o', 'jsonl'], { env: environment, stdio: ['ignore', 'ignore', 'pipe'] });
  let rest = '';
  child.stderr.setEncoding('utf8').on('data', (text) => {
    const lines = (rest + text).split('\n');
    rest = lines.pop();
    for (const line of lines) hear(line);
  });
  const ended = new Promise((resolve) => child.on('close', resolve));
  return { child, ended, since: performance.now(), killed: false };
}

function hear(line) {
  if (!line.startsWith('{')) throw new Error(`soak: the scheduler says ${line}`);
  const { event, at, dueAt, catchUp } = JSON.parse(line);
  if (event === 'started' && catchUp === false) delays.push({ at: performance.now(), delay: Date.parse(at) - Date.parse(dueAt) });
  if (event === 'trouble' || event === 'broken') troubles += 1;
}

async function stopScheduler() {
  scheduler.child.kill('SIGTERM');
  await scheduler.ended;
  if (scheduler.child.exitCode !== 0) throw new Error(`soak: the scheduler ended with ${scheduler.child.exitCode}`);
}

async function untilEnd(milliseconds) {
  await pause(Math.max(0, Math.min(milliseconds, end - performance.now())));
  return performance.now() < end;
}

async function killing() {
  while (await untilEnd((5 + 10 * Math.random()) * 60_000)) {
    const old = scheduler;
    old.killed = true;
    old.child.kill('SIGKILL');
    await old.ended;
    scheduler = startScheduler();
  }
}

async function editing() {
  for (let edit = 1; await untilEnd(60_000); edit += 1) {
    const index = Math.floor(Math.random() * schedules);
    define(index, intervals[index], edit);
  }
}

/** Reads a job that writes a line a second, and begins again where it was. */
function follow(index) {
  let child;
  let stopped = false;
  const started = spawnSync(process.execPath, [bin('start-job'), '--name', `Talker${index}`, '-o', 'id', '--', '/bin/sh', '-c', 'while :; do date; sleep 1; done'], { env: environment, encoding: 'utf8' });
  const id = started.stdout.trim().split(/\s/)[0];
  const again = () => {
    if (stopped) return;
    child = spawn(process.execPath, [bin('receive-job'), id, '--follow'], { env: environment, stdio: 'ignore' });
    child.on('close', () => setImmediate(again));
  };
  again();
  return {
    stop() {
      stopped = true;
      child?.kill('SIGKILL');
      spawnSync(process.execPath, [bin('stop-job'), id, '--force'], { env: environment });
    },
  };
}

async function sampling() {
  while (await untilEnd(SAMPLE)) {
    const { child, since, killed } = scheduler;
    const facts = killed ? undefined : look(child.pid);
    if (facts === undefined) continue;
    const now = performance.now();
    const recent = delays.filter(({ at }) => at > now - 60_000).map(({ delay }) => delay);
    appendFileSync(csv, `${[Math.round((now - began) / 1_000), generation, Math.round((now - since) / 1_000), facts.rss, facts.descriptors, facts.threads, p99(recent) ?? '', troubles].join(',')}\n`);
  }
}

function look(pid) {
  try {
    const status = readFileSync(`/proc/${pid}/status`, 'utf8');
    const number = (name) => Number(new RegExp(`^${name}:\\s+(\\d+)`, 'm').exec(status)?.[1]);
    return { rss: number('VmRSS'), threads: number('Threads'), descriptors: readdirSync(`/proc/${pid}/fd`).length };
  } catch (cause) {
    if (cause.code === 'ENOENT' || cause.code === 'ESRCH') return undefined;
    throw cause;
  }
}

function p99(list) {
  return list.toSorted((a, b) => a - b)[Math.floor(list.length * 0.99)];
}

/** Growth an hour of what the samples say, by least squares. */
function slope(samples, of) {
  const points = samples.map((sample) => [sample.seconds / 3_600, of(sample)]);
  const mean = (index) => points.reduce((sum, point) => sum + point[index], 0) / points.length;
  const [x, y] = [mean(0), mean(1)];
  const variance = points.reduce((sum, [hour]) => sum + (hour - x) ** 2, 0);
  return { mean: y, perHour: variance === 0 ? 0 : points.reduce((sum, [hour, value]) => sum + (hour - x) * (value - y), 0) / variance };
}

function conclude() {
  const samples = readFileSync(csv, 'utf8').trim().split('\n').slice(1).map((line) => line.split(',').map(Number)).map(([seconds, , age, rss, descriptors]) => ({ seconds, age, rss, descriptors }));
  const settled = samples.filter(({ seconds, age }) => seconds * 1_000 >= WARM_UP && age * 1_000 >= YOUNG);
  if (settled.length < 3) throw new Error(`soak: ${settled.length} samples after the warm-up are too few for a verdict`);
  const [rss, descriptors] = [slope(settled, (sample) => sample.rss), slope(settled, (sample) => sample.descriptors)];
  const hour = Math.min(3_600_000, (end - began - WARM_UP) / 2);
  const part = (from, to) => p99(delays.filter(({ at }) => at >= from && at < to).map(({ delay }) => delay)) ?? 0;
  const [first, last] = [part(began + WARM_UP, began + WARM_UP + hour), part(end - hour, end)];
  // What an hour does cannot be told from minutes.
  const isLong = hours >= 1;
  const verdicts = [
    ['memory', `${((100 * rss.perHour) / rss.mean).toFixed(2)} % an hour of ${Math.round(rss.mean / 1_024)} MB`, !isLong || (100 * rss.perHour) / rss.mean < LIMITS.rssPercentPerHour],
    ['descriptors', `${descriptors.perHour.toFixed(2)} an hour of ${Math.round(descriptors.mean)}`, !isLong || descriptors.perHour < LIMITS.descriptorsPerHour],
    ['firing delay, p99', `${last} ms in the last hour, ${first} ms in the first`, last <= Math.max(250, LIMITS.delayRatio * first)],
    ...account(),
  ];
  for (const [what, found, isGood] of verdicts) console.log(`${isGood ? 'good' : 'BAD '}  ${what}: ${found}`);
  if (!isLong) console.log('a run below an hour says nothing of growth: memory and descriptors are shown, not judged');
  console.log(`${folder}: ${generation - 1} kills, ${delays.length} firings, ${troubles} troubles`);
  process.exitCode = verdicts.every(([, , isGood]) => isGood) ? 0 : 1;
}

/** The oracle of an `every`: due times follow each other by the interval, without a gap, and what was started has run once. */
function account() {
  spawnSync(process.execPath, [bin('wait-job'), '*', '--timeout', '60s'], { env: environment });
  const { stdout } = spawnSync(process.execPath, [bin('nightshift'), 'history', '--definition-path', definitions, '-o', 'json', '--newest', '100000000'], { env: environment, maxBuffer: 2 ** 31 - 1, encoding: 'utf8' });
  const told = Map.groupBy(JSON.parse(stdout).firings.toReversed(), ({ definition }) => definition);
  let [dues, gaps, effectsWrong] = [0, 0, 0];
  for (const [index, seconds] of intervals.entries()) {
    const rows = told.get(nameOf(index)) ?? [];
    for (const [place, row] of rows.entries()) {
      dues += row.count;
      const before = rows[place - 1];
      const isWhole = Date.parse(row.lastDueAt) - Date.parse(row.dueAt) === (row.count - 1) * seconds * 1_000;
      if (!isWhole || (before !== undefined && Date.parse(row.dueAt) - Date.parse(before.lastDueAt) !== seconds * 1_000)) gaps += 1;
    }
    const started = rows.filter(({ word }) => word === 'Started').map(({ dueAt }) => Date.parse(dueAt));
    if (started.toSorted().join() !== effectsOf(index).toSorted().join()) effectsWrong += 1;
  }
  return [
    ['due times', `${dues} accounted for, ${gaps} gaps`, gaps === 0 && dues > 0],
    ['effects', `${effectsWrong} of ${schedules} schedules with an effect too many or too few`, effectsWrong === 0],
  ];
}

function effectsOf(index) {
  try {
    return readFileSync(join(effects, nameOf(index)), 'utf8').split('\n').slice(0, -1).map((line) => Date.parse(line.split(' ')[0]));
  } catch (cause) {
    if (cause.code === 'ENOENT') return [];
    throw cause;
  }
}

import type { AttemptView, Calendar, CalendarCell, Counts, DefinitionDetails, DefinitionRow, DefinitionsPage, DueTime, DueTimeRow, JobRow, LogPlace, MissedPage, Now, Outcome, Result, Run, RunningJob, SchedulerState, System, WaitingJob } from '../../src/api.ts';

/**
 * A world of jobs that never was: everything that a screen can show at once, the same in every run. The pages are tried on it
 * where a real store would take an hour to get there; what the real server answers is another test's.
 */
export interface World {
  readonly definitions: readonly DefinitionRow[];
  readonly jobs: readonly JobRow[];
  readonly running: readonly RunningJob[];
  readonly waiting: readonly WaitingJob[];
  readonly scheduler: SchedulerState;
  readonly isSmall: boolean;
}

const HOUR = 3_600_000;
const DAY = 24 * HOUR;

const SEEDS: readonly (readonly [folder: string, name: string, description: string, command: string, usual: number, trigger: string])[] = [
  ['backup', 'Nightly', 'Nightly snapshot of this repository', 'node scripts/snapshot.mjs --verify', 47_000, 'daily at 03:00, Europe/Berlin'],
  ['backup', 'DatabaseBackup', 'Dump, verify, keep seven', 'node scripts/database-backup.mjs', 312_000, 'daily at 02:15, Europe/Berlin'],
  ['backup', 'LogRotation', 'Rotate and compress the logs of the shop', 'node scripts/rotate.mjs /var/log/shop', 9_400, 'weekly on Sunday at 04:30, Europe/Berlin'],
  ['checks', 'HealthCheck', 'Ask the server how it is', 'node scripts/health-check.mjs', 640, 'every 5 min'],
  ['checks', 'DiskSpace', 'Warn over 80 %', 'df -P', 120, 'every 30 min'],
  ['checks', 'CertificateExpiry', 'Certificates that end within 30 days', 'node scripts/certificates.mjs', 2_100, 'daily at 08:00, Europe/Berlin'],
  ['finance', 'InvoiceRun', 'The invoices of the month', 'node scripts/invoices.mjs', 1_260_000, 'on the last day of the month at 18:00, Europe/Berlin'],
  ['finance', 'ExchangeRates', 'Rates of the European Central Bank', 'node scripts/rates.mjs --store', 3_300, 'at minute 5 of every hour from 7 to 19, Monday to Friday'],
  ['imports', 'LongImport', 'Catalogue of the wholesaler, some hours', 'python3 import/catalogue.py --resume', 7_400_000, 'daily at 22:00, Europe/Berlin'],
  ['imports', 'PartnerFeed', 'What the partners deliver by SFTP', 'sh import/partner-feed.sh', 84_000, 'every 15 min'],
  ['reports', 'ReportByWebhook', 'The figures of yesterday, as JSON', 'node scripts/report.mjs', 5_200, 'daily at 06:30, Europe/Berlin'],
  ['reports', 'WeeklyDigest', 'What happened this week', 'node scripts/digest.mjs', 18_000, 'weekly on Monday at 07:00, Europe/Berlin'],
];

export interface WorldOptions {
  readonly now: number;
  /** Nothing is there at all. */
  readonly isEmpty?: boolean;
  /** So many definitions more. */
  readonly more?: number;
  /** One of each kind is enough. */
  readonly isSmall?: boolean;
  /** Stand in every name, command, message and error, one after the other. */
  readonly hostile?: readonly string[];
}

/** Every text of the world; where others are asked for, the next of those. */
export type Spoil = (text: string) => string;

export function spoiledBy(hostile: readonly string[] | undefined): Spoil {
  let at = 0;
  return (text) => hostile?.[at++ % hostile.length] ?? text;
}

export function createWorld({ now, isEmpty = false, more = 0, isSmall = false, hostile }: WorldOptions): World {
  const spoil = spoiledBy(hostile);
  const scheduler: SchedulerState = isEmpty ? { state: 'stopped', pid: null, since: null, nextDueAt: null, lagMs: 0 } : { state: 'ready', pid: 4711, since: iso(now - 3 * DAY), nextDueAt: iso(now + 137_000), lagMs: 12 };
  if (isEmpty) return { definitions: [], jobs: [], running: [], waiting: [], scheduler, isSmall };
  const random = randomFrom(7);
  const seeds = [...SEEDS, ...Array.from({ length: more }, (_, at) => [`team-${at % 37}/area-${at % 11}`, `Job${String(at).padStart(5, '0')}`, 'One of very many', `node jobs/${at}.mjs`, 1_000 + at, 'every hour'] as const)];
  const definitions = seeds.map(([folder, name, description, command, usual, words], at): DefinitionRow => {
    const key = `shop/${name.toLowerCase()}`;
    return {
      key, namespace: 'shop', name, folder, file: `/srv/shop/definitions/${folder}/${name}.yaml`, shown: `definitions/${folder}/${name}.yaml`, line: 1, type: 'ScheduledJob',
      description: spoil(description), command: spoil(command), enabled: name !== 'ExchangeRates', triggers: [{ id: 1, enabled: name !== 'ExchangeRates', kind: 'daily', words }], errors: [], warnings: [],
      nextDueAt: name === 'ExchangeRates' ? null : iso(now + 137_000 + at * 1_730_000), results: resultsOf(at, usual, now, random), running: name === 'LongImport' ? 1 : 0, usualMs: usual,
    };
  });
  const broken = brokenDefinition(spoil);
  const jobs = Array.from({ length: isSmall ? 22 : 240 }, (_, at) => jobOf(900 - at, now - at * 1_500_000 - 200_000, definitions[at % SEEDS.length] as DefinitionRow, random, spoil));
  return { definitions: [broken, ...definitions], jobs, running: runningOf(now, definitions, spoil), waiting: waitingOf(now, definitions, spoil), scheduler, isSmall };
}

function brokenDefinition(spoil: Spoil): DefinitionRow {
  return {
    key: 'shop/restock', namespace: 'shop', name: 'Restock', folder: 'imports', file: '/srv/shop/definitions/imports/Restock.yaml', shown: 'definitions/imports/Restock.yaml', line: 5, type: null, description: '', command: null, enabled: false,
    triggers: [], warnings: [], nextDueAt: null, results: [], running: 0, usualMs: null,
    errors: [{ code: 'DefinitionKeyUnknown', message: spoil('unknown key "timezone"'), file: '/srv/shop/definitions/imports/Restock.yaml', line: 5, column: 1, excerpt: `  5 | ${spoil('timezone: Europe/Berlin')}\n    | ^^^^^^^^`, hint: spoil('did you mean "timeZone"?') }],
  };
}

function resultsOf(seed: number, usual: number, now: number, random: () => number): readonly Result[] {
  return Array.from({ length: seed === 7 ? 6 : 20 }, (_, at): Result => {
    const draw = random();
    const state = seed === 9 && at > 17 ? 'Failed' : draw > 0.96 ? 'Failed' : draw > 0.93 ? 'Stopped' : 'Completed';
    return { id: 400 + seed * 20 + at, state, reason: state === 'Failed' ? 'exit' : null, endTime: iso(now - (20 - at) * HOUR), durationMs: Math.round(usual * (0.8 + random() * 0.5)) };
  });
}

function plainJob(id: number, definition: DefinitionRow, spoil: Spoil): JobRow {
  return {
    id, instanceId: `01936f3a-0000-7000-8000-${String(id).padStart(12, '0')}`, name: spoil(definition.name), type: 'BackgroundJob', state: 'Completed', reason: null, statusMessage: '', hasMoreData: true, location: 'localhost',
    command: spoil(definition.command ?? ''), beginTime: null, endTime: null, exitCode: null, signal: null, childJobs: [], definition: { name: definition.name, path: definition.file },
    origin: { kind: 'demand', runNow: false }, attempt: 1, definitionKey: definition.key, message: '',
  };
}

function jobOf(id: number, begin: number, definition: DefinitionRow, random: () => number, spoil: Spoil): JobRow {
  const draw = random();
  const hasFailed = draw > 0.94 || definition.name === 'PartnerFeed' && id > 870;
  const duration = Math.round((definition.usualMs ?? 1_000) * (0.7 + random() * 0.7));
  const message = hasFailed ? (definition.name === 'PartnerFeed' ? 'sftp: connect to host partner.example port 22: Connection timed out' : 'Error: 3 of 214 files could not be read back') : '';
  return {
    ...plainJob(id, definition, spoil), state: hasFailed ? 'Failed' : 'Completed', reason: 'exit', exitCode: hasFailed ? 3 : 0, message: hasFailed ? spoil(message) : '', statusMessage: hasFailed ? 'exit code 3' : '',
    beginTime: iso(begin), endTime: iso(begin + duration), origin: id % 5 === 0 ? { kind: 'demand', runNow: false } : { kind: 'trigger', triggerId: '1', dueAt: iso(begin - 12), catchUp: false }, attempt: hasFailed ? 3 : 1,
  };
}

function runningOf(now: number, definitions: readonly DefinitionRow[], spoil: Spoil): readonly RunningJob[] {
  const named = (name: string): DefinitionRow => definitions.find((one) => one.name === name) as DefinitionRow;
  const base = (id: number, name: string, since: number): JobRow => ({ ...plainJob(id, named(name), spoil), state: 'Running', beginTime: iso(now - since), origin: { kind: 'trigger', triggerId: '1', dueAt: iso(now - since - 20), catchUp: false } });
  return [
    { ...base(903, 'LongImport', 4_930_000), progress: { activity: spoil('Importing'), status: spoil('41,220 of 61,900 articles'), percent: 66.6 }, lastLine: spoil('\u001b[32mok\u001b[0m  article 41220  "Garden chair, oak, oiled"'), usualMs: 7_400_000, leftMs: 2_470_000 },
    { ...base(904, 'DatabaseBackup', 96_000), progress: null, lastLine: spoil('table orders: 1,204,551 rows'), usualMs: 312_000, leftMs: 216_000 },
    { ...base(905, 'PartnerFeed', 131_000), progress: null, lastLine: null, usualMs: 84_000, leftMs: 0 },
    { ...base(899, 'WeeklyDigest', 1_131_000), state: 'Suspended', progress: null, lastLine: spoil('waiting for an answer: send it to everybody?'), usualMs: 18_000, leftMs: null },
  ];
}

function waitingOf(now: number, definitions: readonly DefinitionRow[], spoil: Spoil): readonly WaitingJob[] {
  const job = (id: number, at: number): JobRow => ({ ...plainJob(id, definitions[at] as DefinitionRow, spoil), state: 'NotStarted' });
  return [
    { ...job(906, 9), why: { is: 'queued', behind: 905 } },
    { ...job(907, 0), why: { is: 'random-delay', until: iso(now + 431_000) } },
    { ...job(908, 10), attempt: 2, why: { is: 'retry', attempt: 2, until: iso(now + 60_000) } },
  ];
}

export function countsOf({ jobs, running, waiting, definitions }: World, now: number): Counts {
  const recent = jobs.filter(({ endTime }) => endTime !== null && Date.parse(endTime) > now - DAY);
  return {
    running: running.length, waiting: waiting.length, needsAttention: running.filter(({ state }) => state === 'Suspended').length, failed24h: recent.filter(({ state }) => state === 'Failed').length, completed24h: recent.filter(({ state }) => state === 'Completed').length,
    definitions: definitions.length, brokenDefinitions: definitions.filter(({ errors }) => errors.length > 0).length, missed24h: definitions.length === 0 ? 0 : 2,
  };
}

export function nowOf(world: World, now: number): Now {
  const alive = world.definitions.filter(({ nextDueAt }) => nextDueAt !== null);
  const first = alive.map((definition): DueTime => ({ definition: refOf(definition), triggerId: 1, dueAt: definition.nextDueAt as string, startsAt: definition.nextDueAt as string })).toSorted((one, other) => one.dueAt.localeCompare(other.dueAt)).slice(0, 50);
  const perQuarter = Array.from({ length: 96 }, (_, at) => (alive.length === 0 ? 0 : (at % 4 === 0 ? 4 : 3) + (at % 12 === 3 ? 5 : 0) + (at > 40 && at < 52 ? at - 40 : 0)));
  const counts = countsOf(world, now);
  return {
    apiVersion: 1, at: iso(now), scheduler: world.scheduler, loading: null, counts, running: world.running, waiting: world.waiting,
    failed: world.jobs.filter(({ state, endTime }) => state === 'Failed' && Date.parse(endTime as string) > now - DAY).slice(0, 50), due: { from: iso(now), to: iso(now + DAY), perQuarter, first },
  };
}

export function definitionsPage({ definitions }: World, query: URLSearchParams): DefinitionsPage {
  const words = (query.get('text') ?? '').toLowerCase().split(' ');
  const only = query.get('only');
  const matching = definitions.filter((one) => words.every((word) => `${one.name} ${one.description} ${one.folder}`.toLowerCase().includes(word)) && (only === null || (only === 'broken' ? one.errors.length > 0 : only === 'disabled' ? !one.enabled : only === 'running' ? one.running > 0 : only === 'failed' ? one.results.at(-1)?.state === 'Failed' : one.enabled)));
  const folder = query.get('folder');
  const listed = matching.filter((one) => folder === null || one.folder === folder);
  const from = Number(query.get('cursor') ?? 0);
  const folders = [...Map.groupBy(matching, (one) => one.folder)].map(([name, some]) => ({ folder: name, definitions: some.length, broken: some.filter(({ errors }) => errors.length > 0).length })).toSorted((one, other) => one.folder.localeCompare(other.folder));
  return { apiVersion: 1, loading: null, total: listed.length, folders, definitions: listed.slice(from, from + 50), cursor: from + 50 < listed.length ? String(from + 50) : null };
}

export function definitionDetails(world: World, name: string, now: number): DefinitionDetails | undefined {
  const definition = world.definitions.find(({ key }) => key === name);
  if (definition === undefined) return undefined;
  const due = definition.nextDueAt === null ? [] : Array.from({ length: 6 }, (_, at): DueTime => ({ definition: refOf(definition), triggerId: 1, dueAt: iso(now + 137_000 + at * DAY), startsAt: iso(now + 137_000 + at * DAY + 431_000) }));
  return {
    ...definition, apiVersion: 1, maxResultCount: 32, due, jobs: world.jobs.filter(({ definitionKey }) => definitionKey === name).slice(0, 20),
    options: { multipleInstancePolicy: 'Queue', timeout: '30m', catchUp: { policy: 'latest', window: '12h' }, retry: { limit: 2, delay: '1m', factor: 2 } },
    commands: { start: `start-job --definition-name ${definition.name} --type ScheduledJob`, enable: `enable-scheduled-job ${definition.name}`, disable: `disable-scheduled-job ${definition.name}` },
  };
}

export function runOf(world: World, id: number, logs: readonly LogPlace[], now: number, spoil: Spoil): Run | undefined {
  const job = [...world.running, ...world.waiting, ...world.jobs].find((one) => one.id === id);
  if (job === undefined) return undefined;
  const definition = world.definitions.find(({ key }) => key === job.definitionKey) as DefinitionRow;
  const begin = job.beginTime === null ? now : Date.parse(job.beginTime);
  const hasFailed = job.state === 'Failed';
  const success = world.jobs.find(({ state, definitionKey, id: other }) => state === 'Completed' && definitionKey === job.definitionKey && other < id);
  const running = world.running.find((one) => one.id === id);
  const attempt = (number: number): AttemptView => ({ attempt: number, beginTime: iso(begin + (number - 1) * 90_000), endTime: number === job.attempt && job.endTime === null ? null : iso(begin + (number - 1) * 90_000 + 31_000), reason: 'exit', statusMessage: '', exitCode: 3, signal: null });
  return {
    apiVersion: 1, job, definition: refOf(definition), attempts: job.attempt === 1 ? [] : Array.from({ length: job.attempt }, (_, at) => attempt(at + 1)), parent: null, children: [], progress: running?.progress ?? null, usualMs: definition.usualMs, leftMs: running?.leftMs ?? null,
    why: world.waiting.find((one) => one.id === id)?.why ?? null, logs, moreValues: false, can: { stop: job.endTime === null, startAgain: job.endTime !== null },
    path: [
      ...(job.origin.kind === 'trigger' ? [{ what: 'due' as const, at: job.origin.dueAt, text: '' }] : []),
      { what: 'created', at: iso(begin - 8), text: '' },
      ...(job.beginTime === null ? [] : [{ what: 'Running' as const, at: job.beginTime, text: job.attempt > 1 ? 'attempt 1' : '' }]),
      ...(hasFailed ? [{ what: 'retry' as const, at: iso(begin + 90_000), text: 'attempt 2' }, { what: 'retry' as const, at: iso(begin + 180_000), text: 'attempt 3' }] : []),
      ...(job.endTime === null ? [] : [{ what: job.state, at: job.endTime, text: `exit code ${job.exitCode}` }]),
    ],
    values: hasFailed ? [] : [{ jobId: id, seq: 1, time: null, value: { [spoil('files')]: 214, size: 1_204_551, verified: true, archives: [{ name: spoil('shop-2026-11-23.tar.zst'), sha256: 'b1946ac92492d2347c6235b4d2611184' }, { name: 'shop-2026-11-22.tar.zst', sha256: '591785b794601e212b260e25925636fd' }] } }],
    sinceSuccess: hasFailed && success !== undefined ? { success, failuresSince: 2, changes: [{ what: 'exit code', before: '0', now: '3' }, { what: 'duration', before: '47 s', now: '31 s' }, { what: 'command', before: spoil('sh import/partner-feed.sh'), now: spoil('sh import/partner-feed.sh --all') }, { what: 'attempts', before: '1', now: '3' }] } : null,
    commands: { receive: `receive-job ${id} --keep`, ...(job.endTime === null ? { stop: `stop-job ${id}` } : { start: `start-job --definition-name ${definition.name} --type ScheduledJob` }) },
  };
}

const CYCLE: readonly Outcome[] = ['on-time', 'on-time', 'on-time', 'late', 'on-time', 'caught-up', 'on-time', 'overlap', 'on-time', 'on-time', 'misfire', 'on-time', 'condition', 'on-time', 'run-later', 'undecided', 'void', 'edited'];

function outcomeOn(row: number, day: number, today: number, enabled: boolean): Outcome {
  if (day > today) return 'due';
  return enabled ? (CYCLE[(row * 7 + day * 5) % CYCLE.length] as Outcome) : 'disabled';
}

const REASONS: Readonly<Partial<Record<Outcome, string>>> = {
  late: 'started 4 min late: the scheduler had just begun', 'caught-up': 'caught up by "latest", 40 min later', overlap: 'job 512 was still running (IgnoreNew)', misfire: 'nobody was there to fire it: the machine was off', condition: 'on battery', undecided: 'passed, and no scheduler has decided it yet',
  disabled: 'the definition is disabled', 'run-later': 'missed, and run by a person since', void: 'made by a clock that ran ahead', edited: 'the trigger was edited before it was decided',
};

export function calendarOf({ definitions, isSmall }: World, query: URLSearchParams, now: number, spoil: Spoil): Calendar {
  const first = Date.parse(`${query.get('from')}T00:00:00Z`);
  const days = Array.from({ length: Number(query.get('days') ?? 31) }, (_, at) => ({ date: iso(first + at * DAY).slice(0, 10), from: iso(first + at * DAY), to: iso(first + (at + 1) * DAY), clockChange: iso(first + at * DAY).slice(5, 10) === '10-25' ? 'clocks go back 1 h at 03:00' : null }));
  const text = (query.get('text') ?? '').toLowerCase();
  const listed = definitions.filter(({ errors, name }) => errors.length === 0 && name.toLowerCase().includes(text)).slice(0, isSmall ? 3 : undefined);
  const from = Number(query.get('cursor') ?? 0);
  const today = Math.floor((now - first) / DAY);
  const rows = listed.slice(from, from + 50).map((definition, row) => ({
    definition: refOf(definition), enabled: definition.enabled,
    cells: days.map((_, day): CalendarCell => {
      const outcome = outcomeOn(row, day, today, definition.enabled);
      const isOften = row % 12 === 3 || row % 12 === 9;
      const isWeekly = row % 12 === 2 || row % 12 === 11;
      if (isWeekly && day % 7 !== 3) return { outcomes: {}, failed: 0, reason: '', moved: 0 };
      return { outcomes: isOften ? outcome === 'due' || outcome === 'on-time' ? { [outcome]: 96 } : { 'on-time': 95, [outcome]: 1 } : { [outcome]: 1 }, failed: outcome === 'on-time' && (row + day) % 17 === 0 ? 1 : 0, reason: spoil(REASONS[outcome] ?? ''), moved: days[day]?.clockChange === null ? 0 : 1 };
    }),
  }));
  return { apiVersion: 1, timeZone: 'UTC', days, rows, total: listed.length, loading: null, cursor: from + 50 < listed.length ? String(from + 50) : null };
}

export function dueTimesOf(world: World, query: URLSearchParams, now: number, spoil: Spoil): readonly DueTimeRow[] {
  const from = Date.parse(query.get('from') as string);
  const day = new Date(from).getUTCDate() - 1;
  const today = day + Math.floor((now - from) / DAY);
  const wanted = query.get('definition');
  const listed = world.definitions.filter(({ errors }) => errors.length === 0).slice(0, 40);
  return listed.flatMap((definition, at): DueTimeRow[] => {
    if (wanted !== null && definition.key !== wanted) return [];
    const outcome = outcomeOn(at, day, today, definition.enabled);
    const dueAt = iso(from + (at % 24) * HOUR);
    const hasRun = outcome === 'on-time' || outcome === 'late' || outcome === 'caught-up';
    return [{
      definition: refOf(definition), triggerId: 1, dueAt, lastDueAt: dueAt, count: 1, outcome, reason: spoil(REASONS[outcome] ?? ''), moved: null, decidedAt: outcome === 'due' ? null : dueAt, beganAt: hasRun ? dueAt : null, lateMs: outcome === 'late' ? 240_000 : hasRun ? 14 : null,
      job: hasRun ? { id: 880 - at, state: 'Completed' } : null, ...(outcome === 'misfire' ? { command: `nightshift run-missed ${definition.name} --due-at ${dueAt}` } : {}),
    }];
  }).filter(({ outcome }) => query.get('outcome') === null || outcome === query.get('outcome'));
}

export function missedOf(definition: DefinitionRow, now: number, spoil: Spoil): MissedPage {
  const missed = definition.name === 'Nightly' || definition.name === 'InvoiceRun' ? [2, 1].map((days) => ({ triggerId: 1, dueAt: iso(now - days * DAY), outcome: 'misfire' as const, reason: spoil('nobody was there to fire it: the machine was off') })) : [];
  return { apiVersion: 1, definition: refOf(definition), missed, total: missed.length, most: 100, command: definition.command, cursor: null };
}

export function systemOf({ scheduler, definitions }: World, now: number, spoil: Spoil): System {
  return {
    apiVersion: 1, at: iso(now), version: '0.1.0', node: '26.10.0', platform: 'linux x64', looking: false,
    scheduler: { ...scheduler, heartbeatAt: scheduler.state === 'stopped' ? null : iso(now - 4_000), definitions: definitions.length, triggers: definitions.length, runningJobs: 3, waiting: 1, telling: { waiting: 0, failed: 2 } },
    hosts: [{ name: spoil('night-01'), routes: ['default'], slots: 8, running: 3, lastSeen: iso(now - 2_000) }],
    plugins: [
      { name: 'built in', version: '0.1.0', contract: 1, path: null, state: 'built in', types: ['BackgroundJob', 'ScheduledJob', 'ThreadJob', 'WorkflowJob', 'RemoteJob'], problem: null },
      { name: 'nightshift-plugin-countdown', version: '1.2.0', contract: 1, path: '/srv/shop/plugins/countdown', state: 'trusted', types: ['CountdownJob'], problem: null },
      { name: 'nightshift-plugin-spark', version: '0.3.1', contract: 1, path: '/srv/shop/node_modules/nightshift-plugin-spark', state: 'changed', types: ['SparkJob'], problem: spoil('version 0.3.1 was not the one that was trusted (0.3.0)') },
    ],
    jobTypes: [{ name: 'BackgroundJob', plugin: 'built in', description: spoil('a command, a script file or a script text'), form: 'command', capabilities: ['stop', 'suspend', 'reconnect'] }, { name: 'WorkflowJob', plugin: 'built in', description: 'steps that need each other', form: 'code', capabilities: ['stop', 'suspend', 'checkpoint'] }],
    stores: [
      { kind: 'session', place: spoil('/home/lena/.local/state/nightshift/session/3f0c…'), exists: true, indexBytes: 98_304, outputBytes: 1_204_551, finishedJobs: 41, unfinishedJobs: 1, retention: ['emptied at the first start after a boot'] },
      { kind: 'durable', place: '/home/lena/.local/state/nightshift', exists: true, indexBytes: 48_234_496, outputBytes: 3_812_004_551, finishedJobs: 118_204, unfinishedJobs: 6, retention: ['32 finished runs of each definition', 'at most 10 GB of output'] },
    ],
    quarantined: definitions.length === 0 ? [] : [{ file: spoil('definitions/imports/Restock.yaml'), why: spoil('DefinitionKeyUnknown: unknown key "timezone"'), at: null }],
    trust: [{ folder: spoil('/srv/shop'), standing: 'changed', words: 'one plugin has another version than was trusted' }],
    clock: { now: iso(now), timeZone: 'UTC', offsetMinutes: 0, nextChange: { at: iso(now + 90 * DAY), words: 'clocks go forward 1 h at 02:00' }, tzdata: '2026b' },
    findings: [
      { subject: 'Node', verdict: 'ok', text: '26.10.0', fix: null }, { subject: 'state folder', verdict: 'ok', text: 'private to you', fix: null },
      { subject: 'plugins', verdict: 'doubtful', text: spoil('nightshift-plugin-spark has another version than was trusted'), fix: 'nightshift trust /srv/shop' },
    ],
  };
}

function refOf({ key, namespace, name }: DefinitionRow): { readonly key: string; readonly namespace: string; readonly name: string } {
  return { key, namespace, name };
}

export function iso(at: number): string {
  return new Date(at).toISOString();
}

/** The same numbers in every run. */
function randomFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}


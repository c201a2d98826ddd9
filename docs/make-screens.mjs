// Pictures of the dashboard, made by opening the real one over a small company's jobs: node docs/make-screens.mjs [--to FOLDER]
// What ran in the last month is written into the index at once; what runs now, failed last and wrote a log really did.
import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { DatabaseSync } from 'node:sqlite';
import { fileURLToPath } from 'node:url';
import { chromium } from 'playwright-core';

const at = (path) => fileURLToPath(new URL(path, import.meta.url));
const [HOUR, DAY] = [3_600_000, 86_400_000];
const CHROMIUM = process.env.NIGHTSHIFT_CHROMIUM ?? '/usr/bin/chromium';
const BROWSER = ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'];
const [WIDTH, HEIGHT] = [1280, 860];

/** Folder, name, what it says of itself, how long it takes, how often it was due a day, its trigger, and its script if it is really run. */
const DEFINITIONS = [
  ['backup', 'Nightly', 'Snapshot of the shop and its uploads', 47_000, 1, 'daily: { at: "03:00", randomDelay: 15m }'],
  ['backup', 'DatabaseBackup', 'Dump, verify, keep seven', 312_000, 1, 'daily: { at: "02:15" }', 'i=0; for table in customers orders items stock; do i=$((i+1)); echo "table $table: $((i * 301120)) rows"; sleep 1; done; sleep 600'],
  ['backup', 'LogRotation', 'Rotate and compress the logs of the shop', 9_400, 1 / 7, 'weekly: { daysOfWeek: [Sunday], at: "04:30" }'],
  ['checks', 'HealthCheck', 'Ask the shop how it is', 640, 24, 'every: 1h'],
  ['checks', 'DiskSpace', 'Warn over 80 %', 120, 4, 'every: 6h'],
  ['checks', 'CertificateExpiry', 'Certificates that end within 30 days', 2_100, 1, 'daily: { at: "08:00" }'],
  ['finance', 'InvoiceRun', 'The invoices of the day', 1_260_000, 1, 'daily: { at: "18:00" }'],
  ['finance', 'ExchangeRates', 'Rates of the central bank', 3_300, 1, 'daily: { at: "16:10" }'],
  ['imports', 'LongImport', 'Catalogue of the wholesaler', 900_000, 1, 'daily: { at: "22:00" }', 'i=0; while [ $i -lt 61900 ]; do i=$((i+400)); echo "::progress activity=Import,percent=$((i * 100 / 61900))::$i of 61900 articles"; printf "\\033[32mok\\033[0m  article %s  garden chair, oak, oiled\\n" $i; sleep 0.15; [ $i -gt 41200 ] && sleep 600; done'],
  ['imports', 'PartnerFeed', 'What the partners deliver by SFTP', 84_000, 12, 'every: 2h', 'echo "Partner feed, 48 files"; i=0; while [ $i -lt 48 ]; do i=$((i+1)); printf "\\033[90m%02d\\033[0m \\033[32mok\\033[0m  partner/%s.csv  %s rows\\n" $i $i $((1204 + i * 7)); [ $i = 17 ] && echo "::warning::partner/17.csv has 3 empty lines"; [ $i = 31 ] && echo "::debug::the connection is used again"; done; printf "\\033[31mfailed\\033[0m after 48 of 120 files\\n"; echo "sftp: connect to host partner.example port 22: Connection timed out" >&2; exit 3'],
  ['reports', 'ReportByWebhook', 'The figures of yesterday, as JSON', 5_200, 1, 'daily: { at: "06:30" }'],
  ['reports', 'WeeklyDigest', 'What happened this week', 18_000, 1 / 7, 'weekly: { daysOfWeek: [Monday], at: "07:00" }'],
];
const BROKEN = 'type: ScheduledJob\ndescription: Order what runs out\njob: { command: [node, restock.mjs] }\ntriggers:\n  - daily: { at: "05:00" }\ntimezone: Europe/Berlin\n';

const SCREENS = [
  ['dashboard-now', '/'],
  ['dashboard-run', ({ failed }) => `/runs/${failed}`, '.line'],
  ['dashboard-calendar', '/calendar'],
];

if (!existsSync(CHROMIUM)) throw new Error(`there is no browser at ${CHROMIUM}; NIGHTSHIFT_CHROMIUM names another`);
const to = process.argv.includes('--to') ? process.argv[process.argv.indexOf('--to') + 1] : at('pictures');
const root = realpathSync(mkdtempSync(join(tmpdir(), 'nightshift-screens-')));
const [project, state] = [join(root, 'shop'), join(root, 'state')];
const { NODE_OPTIONS: _, ...environment } = process.env;
const env = { ...environment, PATH: [at('../node_modules/.bin'), process.env.PATH].join(delimiter), HOME: root, USER: 'lena', LOGNAME: 'lena', TZ: 'UTC', NIGHTSHIFT_STATE_DIR: state, NIGHTSHIFT_RUNTIME_DIR: '' };
const children = [];
try {
  writeProject();
  verb('start-job', '--persist', '--wait', '--', 'true');
  writePast(new DatabaseSync(join(state, 'jobs.db')));
  const failed = await runNow();
  const { loginUrl, url } = await started('nightshift', 'dashboard', '--allow-writes', '--port', '0', '-o', 'json');
  await takePictures(loginUrl, url, { failed });
} finally {
  for (const child of children) child.kill('SIGTERM');
  await Promise.all(children.map((child) => child.exitCode ?? once(child, 'exit')));
  spawnSync('stop-job', ['--name', '*', '--force'], { cwd: project, env });
  rmSync(root, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
}

function writeProject() {
  for (const [folder, name, description, , , trigger, script] of DEFINITIONS) {
    const path = join(project, 'definitions', folder, `${name}.yaml`);
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
    const job = script === undefined ? `command: [node, scripts/${name.toLowerCase()}.mjs]` : `scriptBlock: ${JSON.stringify(script)}`;
    const disabled = name === 'ExchangeRates' ? 'enabled: false\n' : '';
    writeFileSync(path, `type: ScheduledJob\ndescription: ${description}\n${disabled}job:\n  ${job}\ntriggers:\n  - ${trigger}\noptions: { multipleInstancePolicy: Parallel }\nmaxResultCount: 100\n`, { mode: 0o600 });
  }
  writeFileSync(join(project, 'definitions', 'imports', 'Restock.yaml'), BROKEN, { mode: 0o600 });
  writeFileSync(join(project, 'package.json'), '{}\n', { mode: 0o600 });
  writeFileSync(join(project, 'nightshift.yaml'), `namespace: shop\ntimeZone: Europe/Berlin\ndefinitionPath: [${[...new Set(DEFINITIONS.map(([folder]) => `definitions/${folder}`))].join(', ')}]\n`, { mode: 0o600 });
}

function verb(program, ...words) {
  const { status, stdout, stderr } = spawnSync(program, words, { cwd: project, env, encoding: 'utf8' });
  if (status !== 0 && !words.includes('PartnerFeed')) throw new Error(`${program} ${words.join(' ')} ended with ${status}: ${stderr}`);
  return stdout;
}

/** A month of due times and runs, as the scheduler would have left them. */
function writePast(database) {
  const now = Date.now();
  const job = database.prepare("INSERT INTO instance (id, instanceId, parentId, name, type, state, reason, location, command, beginTime, endTime, exitCode, definition, origin, attempt, outputBytes, run, definitionKey) VALUES (?, ?, ?, ?, ?, ?, ?, 'localhost', ?, ?, ?, ?, ?, ?, 1, 100, ?, ?)");
  const firing = database.prepare('INSERT INTO firing (definition, triggerId, dueAt, lastDueAt, count, decidedAt, word, reason, instanceId) VALUES (?, 1, ?, ?, 1, ?, ?, ?, ?)');
  const past = DEFINITIONS.flatMap(([, name, , usual, aDay], row) => Array.from({ length: Math.round(24 * aDay) }, (_unused, index) => ({ name, usual, row, aDay, draw: numberOf(`${name} ${index}`), due: Math.floor(now / HOUR) * HOUR - Math.round(((index + 1) * DAY) / aDay) }))).toSorted((one, other) => one.due - other.due);
  let id = 100;
  database.exec('BEGIN');
  for (const { name, usual, row, aDay, draw, due } of past) {
    const key = `shop/${name.toLowerCase()}`;
    const rare = aDay > 4 ? 0.022 : 0; // of many a day fewer go wrong
    const skipped = draw > 0.975 + rare ? 'misfire' : draw > 0.955 + 2 * rare ? 'overlap' : draw > 0.945 && row % 3 === 0 && aDay <= 4 ? 'condition' : undefined;
    const late = draw > 0.92 && draw < 0.94 ? 260_000 : 80;
    const instanceId = skipped === undefined ? uuid(due, id) : null;
    firing.run(key, due, due, due + late, skipped === undefined ? 'Started' : 'Skipped', skipped ?? null, instanceId);
    if (instanceId === null) continue;
    const hasFailed = draw < (aDay > 4 ? 0.006 : 0.03);
    const [state, reason, code] = hasFailed ? ['Failed', 'exit', 3] : ['Completed', null, 0];
    const end = due + late + Math.round(usual * (0.75 + numberOf(`${id}`) * 0.5));
    const command = `node scripts/${name.toLowerCase()}.mjs`;
    job.run(id, instanceId, null, name, 'ScheduledJob', state, reason, command, due + late, end, code, JSON.stringify({ key, name, path: join(project, 'definitions', DEFINITIONS[row][0], `${name}.yaml`) }), JSON.stringify({ kind: 'trigger', triggerId: '1', dueAt: new Date(due).toISOString(), catchUp: false }), null, key);
    job.run(id + 1, uuid(due, id + 1), id, `Job${id + 1}`, 'BackgroundJob', state, reason, command, due + late, end, code, null, JSON.stringify({ kind: 'parent', parentId: id }), JSON.stringify({ carries: instanceId, gracePeriod: 10_000, streamCommands: true, maxResultCount: 100 }), null);
    id += 2;
  }
  database.exec('COMMIT');
  database.close();
  // Ids go on behind the last one.
  const ids = new DatabaseSync(join(state, 'ids.db'));
  const [{ name: table }] = ids.prepare("SELECT name FROM sqlite_schema WHERE type = 'table'").all();
  const [{ name: column }] = ids.prepare(`PRAGMA table_info(${table})`).all().filter(({ type }) => type === 'INTEGER').slice(-1);
  ids.exec(`UPDATE ${table} SET ${column} = ${id}`);
  ids.close();
}

/** What happens while the pictures are taken. The answer is the id of the run that failed. */
async function runNow() {
  children.push(spawn('nightshift', ['scheduler', 'run'], { cwd: project, env, stdio: 'ignore' }));
  const deadline = Date.now() + 60_000;
  while (spawnSync('nightshift', ['scheduler', 'status'], { cwd: project, env }).status !== 0) if (Date.now() > deadline) throw new Error('the scheduler is not ready');
  const [, failed] = ['LongImport', 'PartnerFeed', 'DatabaseBackup'].map((name) => verb('start-job', '--definition-name', name, '--type', 'ScheduledJob', '-o', 'id').trim());
  verb('start-job', '--name', 'Build', '--persist', '--', 'sh', '-c', 'echo "compiling 214 files"; sleep 600');
  verb('wait-job', failed, '--timeout', '60s');
  // Until the import has come as far as the picture is to show.
  await new Promise((resolve) => setTimeout(resolve, 21_000));
  return failed;
}

/** Starts what stays; the answer is what it says first, where that is JSON. */
async function started(program, ...words) {
  const child = spawn(program, words, { cwd: project, env, stdio: ['ignore', 'pipe', 'inherit'] });
  children.push(child);
  const [line] = await once(createInterface(child.stdout), 'line');
  return line.startsWith('{') ? JSON.parse(line) : {};
}

async function takePictures(loginUrl, url, facts) {
  const browser = await chromium.launch({ executablePath: CHROMIUM, headless: true, args: BROWSER });
  try {
    const page = await browser.newPage({ viewport: { width: WIDTH, height: HEIGHT }, deviceScaleFactor: 1.5, reducedMotion: 'reduce' });
    page.on('console', (message) => message.type() === 'error' && console.error(message.text()));
    // Whose computer it was, and where, is nothing that a picture should tell.
    await page.route('**/api/session', async (route) => {
      const response = await route.fetch();
      await route.fulfill({ response, json: { ...(await response.json()), user: 'lena', hostName: 'night-01', project: '/srv/shop' } });
    });
    await page.goto(loginUrl);
    for (const [name, path, awaited = 'main h1'] of SCREENS) {
      for (const theme of ['light', 'dark']) {
        await page.emulateMedia({ colorScheme: theme });
        await page.goto(new URL(typeof path === 'string' ? path : path(facts), url).href);
        await page.waitForSelector(awaited);
        await page.waitForSelector('main:not(:has(.wait))');
        await page.screenshot({ path: join(to, `${name}-${theme}.png`) });
      }
    }
  } finally {
    await browser.close();
  }
}

/** From 0 to 1, and the same each time. */
function numberOf(text) {
  return createHash('sha256').update(text).digest().readUInt32BE() / 2 ** 32;
}

function uuid(time, id) {
  const stamp = time.toString(16).padStart(12, '0');
  return `${stamp.slice(0, 8)}-${stamp.slice(8)}-7000-8000-${id.toString(16).padStart(12, '0')}`;
}

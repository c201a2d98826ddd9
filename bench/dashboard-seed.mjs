// Many definitions, jobs and due times, as a year of work would leave them: written into the index at once, for nobody waits a year.
//   node bench/dashboard-seed.mjs FOLDER [DEFINITIONS] [ROWS]      the project is FOLDER/project, the state folder FOLDER/state
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, realpathSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { fileURLToPath } from 'node:url';

const DAY = 86_400_000;
const TRIGGERS = ['every: 5m', 'daily: { at: "03:00", randomDelay: 15m }', 'cron: "*/10 8-18 * * 1-5"', 'weekly: { daysOfWeek: [Monday, Friday], at: "07:30" }', 'every: 6h', 'cron: "17 4 1 * *"'];

/** `rows`: so many jobs with their children, and so many due times. One definition of a thousand is broken. */
export function seed(folder, definitions = 10_000, rows = 1_000_000, verb = startJob) {
  const [project, state] = [join(folder, 'project'), join(folder, 'state')];
  const path = join(project, 'definitions');
  mkdirSync(path, { recursive: true });
  writeFileSync(join(project, 'package.json'), '{}\n');
  for (let n = 0; n < definitions; n += 1) {
    const text = n % 1_000 === 999 ? 'type: ScheduledJob\ntimezone: UTC\n' : `type: ScheduledJob\ndescription: Part ${n} of the works\ntimeZone: Europe/Berlin\njob: { command: [echo, "${n}"] }\ntriggers:\n  - ${TRIGGERS[n % TRIGGERS.length]}\n`;
    writeFileSync(join(path, `${nameOf(n)}.yaml`), text);
  }
  verb(project, state);
  const namespace = createHash('sha256').update(realpathSync(path)).digest('hex').slice(0, 8);
  fill(new DatabaseSync(join(state, 'jobs.db')), { namespace, path, definitions, rows });
  return { project, state };
}

/** Makes the store. */
function startJob(project, state) {
  execFileSync(process.execPath, [fileURLToPath(new URL('../packages/cli/bin/start-job.cjs', import.meta.url)), '--persist', '--wait', '--', 'true'], { cwd: project, env: { ...process.env, NIGHTSHIFT_STATE_DIR: state, NIGHTSHIFT_RUNTIME_DIR: '' }, stdio: 'ignore' });
}

function nameOf(n) {
  return `Work-${String(n).padStart(5, '0')}`;
}

function fill(database, { namespace, path, definitions, rows }) {
  const now = Date.now();
  const job = database.prepare("INSERT INTO instance (id, instanceId, parentId, name, type, state, reason, location, command, beginTime, endTime, exitCode, definition, origin, attempt, outputBytes, run, definitionKey) VALUES (?, ?, ?, ?, ?, ?, ?, 'localhost', ?, ?, ?, ?, ?, ?, 1, 100, ?, ?)");
  const firing = database.prepare('INSERT INTO firing (definition, triggerId, dueAt, lastDueAt, count, decidedAt, word, reason, instanceId) VALUES (?, 1, ?, ?, 1, ?, ?, ?, ?)');
  const clock = database.prepare("INSERT INTO trigger_clock (definition, triggerId, revision, enabled, knownSince, lastDueAt, nextDueAt) VALUES (?, 1, '', 1, ?, ?, ?)");
  const each = Math.ceil(rows / definitions);
  const jobs = Math.ceil(each / 2);
  let id = 100;
  database.exec('PRAGMA synchronous=OFF; BEGIN');
  // By time, as they would have come.
  for (let round = 0; round < each; round += 1) {
    for (let n = 0; n < definitions; n += 1) {
      const key = `${namespace}/${nameOf(n).toLowerCase()}`;
      const due = now - Math.floor(((each - round) * 30 * DAY) / each) - n * 100;
      const draw = (n * 31 + round * 17) % 100;
      const starts = round >= each - jobs || draw < 50;
      const word = draw >= 97 ? 'misfire' : draw >= 95 ? 'overlap' : undefined;
      const instanceId = starts && round >= each - jobs && word === undefined ? uuid(due, id) : null;
      firing.run(key, due, due, due + 20, word === undefined ? 'Started' : 'Skipped', word ?? null, instanceId);
      if (instanceId === null) continue;
      const [state, reason, exit] = draw % 20 === 7 ? ['Failed', 'exit', 1] : ['Completed', null, 0];
      const definition = JSON.stringify({ key, name: nameOf(n), path: join(path, `${nameOf(n)}.yaml`) });
      const end = due + 1_000 + draw * 50;
      job.run(id, instanceId, null, nameOf(n), 'ScheduledJob', state, reason, `echo ${n}`, due + 100, end, exit, definition, JSON.stringify({ kind: 'trigger', triggerId: '1', dueAt: new Date(due).toISOString(), catchUp: false }), null, key);
      job.run(id + 1, uuid(due, id + 1), id, `Job${id + 1}`, 'BackgroundJob', state, reason, `echo ${n}`, due + 100, end, exit, definition, JSON.stringify({ kind: 'parent', parentId: id }), JSON.stringify({ carries: instanceId, gracePeriod: 10_000, streamCommands: true, maxResultCount: 100 }), null);
      id += 2;
    }
  }
  for (let n = 0; n < definitions; n += 1) clock.run(`${namespace}/${nameOf(n).toLowerCase()}`, now - 31 * DAY, now, now + DAY);
  database.exec('COMMIT');
  database.close();
}

function uuid(time, id) {
  const stamp = time.toString(16).padStart(12, '0');
  return `${stamp.slice(0, 8)}-${stamp.slice(8)}-7000-8000-${id.toString(16).padStart(12, '0')}`;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) console.log(JSON.stringify(seed(process.argv[2], Number(process.argv[3] ?? 10_000), Number(process.argv[4] ?? 1_000_000))));

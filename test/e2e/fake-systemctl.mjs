// Stands in for systemctl where a test must not touch the services of the machine: writes down what it is asked, and really
// runs what the unit says. `FAKE` in the environment is its folder.
import { spawn } from 'node:child_process';
import { appendFileSync, existsSync, mkdirSync, openSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const [, , user, verb, ...words] = process.argv;
const folder = process.env.FAKE;
const unit = words.at(-1);
const [units, pidFile] = [join(process.env.HOME, '.config/systemd/user'), join(folder, 'pid')];
const wanted = join(units, 'default.target.wants');

appendFileSync(join(folder, 'calls'), `${process.argv.slice(2).join(' ')}\n`);
if (user !== '--user') throw new Error('only services of the user are touched');
if (existsSync(join(folder, `fails-${verb}`))) {
  process.stderr.write(`Failed to ${verb} unit: it is a test\n`);
  process.exit(1);
}
if (verb === 'enable') {
  mkdirSync(wanted, { recursive: true });
  if (!existsSync(join(wanted, unit))) symlinkSync(join(units, unit), join(wanted, unit));
} else if (verb === 'start' || verb === 'restart') {
  if (verb === 'restart') end();
  if (pid() === undefined) begin(readFileSync(join(units, unit), 'utf8'));
} else if (verb === 'disable') {
  rmSync(join(wanted, unit), { force: true });
  end();
} else if (verb === 'show') process.stdout.write(words[0] === '--property=NeedDaemonReload' ? (existsSync(join(folder, 'stale')) ? 'yes\n' : 'no\n') : `${pid() ?? 0}\n`);

function begin(text) {
  const values = (key) => text.split('\n').filter((line) => line.startsWith(`${key}=`)).map((line) => line.slice(key.length + 1));
  const wordsOf = (line) => [...line.matchAll(/"((?:[^"\\]|\\.)*)"|(\S+)/g)].map(([, quoted, bare]) => (quoted ?? bare).replaceAll(/\\(.)/g, '$1').replaceAll('%%', '%'));
  const [file, ...args] = wordsOf(values('ExecStart')[0]).map((word) => word.replaceAll('$$', '$'));
  const env = Object.fromEntries(values('Environment').flatMap(wordsOf).map((pair) => pair.split(/=(.*)/s).slice(0, 2)));
  const log = openSync(join(folder, 'log'), 'a');
  const child = spawn(file, args, { cwd: values('WorkingDirectory')[0].replaceAll('%%', '%'), env: { HOME: process.env.HOME, ...env }, stdio: ['ignore', log, log], detached: true });
  child.unref();
  writeFileSync(pidFile, String(child.pid));
}

function pid() {
  const number = existsSync(pidFile) ? Number(readFileSync(pidFile, 'utf8')) : 0;
  try {
    if (number > 0) process.kill(number, 0);
  } catch {
    return undefined;
  }
  return number > 0 && !/^\d+ \(.*\) Z/s.test(readFileSync(`/proc/${number}/stat`, 'utf8')) ? number : undefined;
}

function end() {
  const number = pid();
  if (number !== undefined) process.kill(number, 'SIGTERM');
  while (pid() !== undefined) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 10);
  rmSync(pidFile, { force: true });
}

// A scheduler as users run it: a process of its own, whose events are read. Shared by the benches of the scheduler.
import { spawn } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { bin } from './sandbox.mjs';

/** Writes definitions `<prefix>00001.yaml` …, at most 10,000 a folder, and says which folders. `text` makes each one's content. */
export function writeDefinitions(folder, count, text) {
  const folders = [];
  for (let number = 0; number < count; number++) {
    if (number % 10_000 === 0) {
      folders.push(join(folder, `definitions-${folders.length + 1}`));
      mkdirSync(folders.at(-1), { recursive: true });
    }
    writeFileSync(join(folders.at(-1), `job${String(number).padStart(6, '0')}.yaml`), text(number));
  }
  return folders;
}

/** Starts a scheduler. `events`: what it has said so far; `until` waits for a line. */
export function startScheduler({ folder, env }, folders, ...more) {
  const begun = performance.now();
  const argv = [bin('nightshift'), 'scheduler', 'run', '-o', 'jsonl', ...folders.flatMap((path) => ['--definition-path', path]), ...more];
  const child = spawn(process.execPath, argv, { cwd: folder, env: { ...env, NIGHTSHIFT_MIN_FREE: '0' }, stdio: ['ignore', 'ignore', 'pipe'] });
  const events = [];
  const waiting = [];
  const look = () => {
    for (const one of waiting.filter(({ wanted }) => wanted(events))) {
      waiting.splice(waiting.indexOf(one), 1);
      one.resolve();
    }
  };
  createInterface({ input: child.stderr }).on('line', (line) => {
    // The last word of one that is killed may be half a word.
    if (child.killed && !line.endsWith('}')) return;
    events.push(JSON.parse(line));
    look();
  });
  const ended = new Promise((resolve) => child.on('close', () => {
    for (const { reject } of waiting) reject(new Error(`the scheduler ended: ${JSON.stringify(events.at(-1))}`));
    resolve();
  }));
  const until = (wanted) => new Promise((resolve, reject) => {
    waiting.push({ wanted, resolve, reject });
    look();
  });
  return {
    pid: child.pid,
    events,
    until,
    /** Milliseconds from the call to the ready line. */
    async ready() {
      await until((all) => all.some(({ event }) => event === 'ready'));
      return performance.now() - begun;
    },
    async end(signal = 'SIGTERM') {
      child.kill(signal);
      await ended;
    },
  };
}

/** Resident memory in MB, and processor time in milliseconds so far. Linux. */
export function usageOf(pid) {
  const resident = Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))[1]) / 1_024;
  const fields = readFileSync(`/proc/${pid}/stat`, 'latin1').split(') ').at(-1).split(' ');
  return { resident, processor: (Number(fields[11]) + Number(fields[12])) * 10 };
}

/** The value below which so many of a hundred lie. */
export function percentile(values, percent) {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.ceil((sorted.length * percent) / 100) - 1)];
}

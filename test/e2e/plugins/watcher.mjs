// A watcher: `watcher.mjs begin|again ELSEWHERE [TEXT]`. Its elsewhere is a folder on this machine, in which a text of sh runs that
// nobody here is the parent of. What it finds there it appends to its own output, from the byte on that earlier attempts have come to.
//
// Files there that a test makes: `deaf` (nobody can be reached), `rude` (no wish is passed on), `mute` (ends without an outcome).
import { spawn } from 'node:child_process';
import { appendFileSync, closeSync, existsSync, fstatSync, mkdirSync, openSync, readFileSync, readSync, renameSync, rmSync, statSync, writeFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';

const [, , how, elsewhere, text] = process.argv;
const { NIGHTSHIFT_RUN_DIR: run, NIGHTSHIFT_ATTEMPT: attempt } = process.env;
const mine = join(run, attempt);
const there = (name) => join(elsewhere, name);
const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

function say(name, content) {
  writeFileSync(join(mine, `${name}.new`), content);
  renameSync(join(mine, `${name}.new`), join(mine, name));
}

/** How far all attempts before this one have come. */
const sizeBefore = (channel) => Array.from({ length: Number(attempt) - 1 }, (_, index) => join(run, String(index + 1), channel)).reduce((sum, path) => sum + (existsSync(path) ? statSync(path).size : 0), 0);

function begin() {
  mkdirSync(elsewhere, { recursive: true });
  const environment = Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('NIGHTSHIFT_')));
  const files = ['stdout', 'stderr'].map((name) => openSync(there(name), 'a'));
  const child = spawn('/bin/sh', ['-c', `(${text}\n) & trap : TERM; wait $!; code=$?; while kill -0 $! 2>/dev/null; do wait $!; code=$?; done; echo $code >exit.new; mv exit.new exit`], { cwd: elsewhere, env: environment, stdio: ['ignore', ...files], detached: true });
  child.unref();
  writeFileSync(there('group'), String(child.pid));
  files.forEach((file) => closeSync(file));
}

/** Whole lines only, so that no record is cut at the border of two attempts. */
function follower(channel, to) {
  let offset = sizeBefore(channel);
  return () => {
    if (!existsSync(there(channel))) return;
    const file = openSync(there(channel), 'r');
    const bytes = Buffer.alloc(Math.max(0, fstatSync(file).size - offset));
    readSync(file, bytes, 0, bytes.length, offset);
    closeSync(file);
    const whole = bytes.subarray(0, existsSync(there('exit')) ? bytes.length : bytes.lastIndexOf(10) + 1);
    for (let rest = whole; rest.length > 0; ) rest = rest.subarray(writeSync(to, rest));
    offset += whole.length;
  };
}

function leave(why) {
  say('disconnected', `${why}\n`);
  process.exit(1);
}

function tell(signal) {
  appendFileSync(there('wishes'), `${signal} ${existsSync(join(mine, 'stop')) ? readFileSync(join(mine, 'stop'), 'utf8').trim() : 'unasked'}\n`);
  if (existsSync(there('rude'))) return;
  try {
    process.kill(-Number(readFileSync(there('group'), 'utf8')), signal === 'SIGTERM' ? signal : 'SIGKILL');
    if (signal === 'SIGQUIT') writeFileSync(there('exit'), '137');
  } catch {
    // it has ended
  }
}

function outcome() {
  const code = Number(readFileSync(there('exit'), 'utf8'));
  if (code === 0) return { state: 'Completed', exitCode: 0 };
  return code > 128 ? { state: 'Failed', reason: 'signal', signal: code === 143 ? 'SIGTERM' : 'SIGKILL' } : { state: 'Failed', reason: 'exit', exitCode: code };
}

say('host', `${process.pid} ${readFileSync('/proc/self/stat', 'latin1').replace(/^.*\) /s, '').split(' ')[19]}`);
process.on('SIGTERM', () => tell('SIGTERM'));
process.on('SIGQUIT', () => tell('SIGQUIT'));
if (existsSync(there('deaf'))) leave('the line to it is dead');
if (how === 'begin') begin();
else if (!existsSync(there('stdout'))) {
  say('outcome.json', JSON.stringify({ state: 'Failed', reason: 'spawn', statusMessage: 'there is nothing of it there' }));
  process.exit(0);
}
appendFileSync(there('watchers'), `${how} ${attempt} ${process.env.NIGHTSHIFT_JOB_NAME}\n`);
say('started', '');
const follow = [follower('stdout', 1), follower('stderr', 2)];
for (let isOver = false; !isOver; await pause(10)) {
  isOver = existsSync(there('exit'));
  if (existsSync(there('deaf'))) leave('the line to it is dead');
  follow.forEach((one) => one());
}
if (existsSync(there('mute'))) process.exit(0);
say('outcome.json', existsSync(there('outcome')) ? readFileSync(there('outcome')) : JSON.stringify({ ...outcome(), at: statSync(there('exit')).mtime }));
if (existsSync(there('tidy'))) rmSync(elsewhere, { recursive: true });

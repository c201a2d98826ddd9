// The same job as effect.sh, as a script of our own runtime:  effect.mjs EFFECTS BEHAVIOUR [VALUE]
import { spawn } from 'node:child_process';
import { appendFileSync, closeSync, existsSync, readFileSync, writeSync } from 'node:fs';

const [effects, behaviour = 'ok', value = ''] = process.argv.slice(2);
const due = process.env.NIGHTSHIFT_DUE_AT ?? 'demand';
const line = `${due} ${process.env.NIGHTSHIFT_ATTEMPT ?? '?'} ${process.pid}`;
const lines = () => readFileSync(effects, 'utf8').split('\n').filter((one) => one.startsWith(`${due} `));
const pause = new Int32Array(new SharedArrayBuffer(4));
const sleep = (milliseconds) => Atomics.wait(pause, 0, 0, milliseconds);
const seconds = Number(value) * 1_000;

const BEHAVIOURS = {
  ok: () => {},
  exit: () => process.exit(Number(value)),
  until: () => process.exit(lines().length >= Number(value) ? 0 : 1),
  'hang-once': () => {
    if (lines().length === 1) sleep(600_000);
  },
  sleep: () => sleep(seconds),
  gate: () => {
    while (!existsSync(value)) sleep(20);
  },
  'ignore-term': () => {
    process.on('SIGTERM', () => {});
    setInterval(() => {}, 1_000);
  },
  fork: () => {
    spawn('setsid', ['sleep', value], { stdio: 'inherit' });
    spawn('sh', ['-c', `( setsid sh -c 'sleep ${value} & sleep ${value}' & )`], { stdio: 'inherit' });
    sleep(seconds);
  },
  flood: () => {
    const block = Buffer.alloc(65_536);
    for (let left = Number(value); left > 0; left -= block.length) writeAll(block.subarray(0, left));
  },
  binary: () => writeAll(Buffer.from([0, 1, 255, 254, 10, 128])),
  partial: () => writeAll(Buffer.from('no newline at the end')),
  close: () => {
    closeSync(1);
    sleep(seconds);
  },
  outlive: () => spawn('sh', ['-c', `( setsid sh -c "sleep ${value}; printf '%s\\n' '${line} outlived' >>'${effects}'" & )`], { stdio: 'inherit' }),
  'kill-itself': () => process.kill(process.pid, 'SIGKILL'),
};

appendFileSync(effects, `${line}\n`);
writeAll(Buffer.from(`${line}\n`));
const behave = BEHAVIOURS[behaviour];
if (behave === undefined) throw new Error(`effect.mjs: unknown behaviour ${behaviour}`);
behave();

function writeAll(bytes) {
  for (let offset = 0; offset < bytes.length; ) offset += writeSync(1, bytes, offset);
}

// The same job as job.sh, as a script of our own runtime:  job.mjs EFFECTS LINE OUT ERR GATE CODE
import { appendFileSync, existsSync, readFileSync, writeFileSync, writeSync } from 'node:fs';

const [effects, line, out, err, gate, code] = process.argv.slice(2);
const files = [[1, readFileSync(out)], [2, readFileSync(err)]];
const size = 7001;
const pieces = Math.ceil(files[0][1].length / size);
const pause = new Int32Array(new SharedArrayBuffer(4));

appendFileSync(effects, `${line} ${process.env.NIGHTSHIFT_ATTEMPT ?? '?'} ${process.pid}\n`);
for (let i = 0; i < pieces; i += 1) {
  if (i === Math.floor(pieces / 2)) waitAtGate();
  for (const [descriptor, bytes] of files) writeAll(descriptor, bytes.subarray(i * size, (i + 1) * size));
}
process.exit(Number(code));

function waitAtGate() {
  writeFileSync(`${gate}.reached`, '');
  while (!existsSync(gate)) Atomics.wait(pause, 0, 0, 10);
}

function writeAll(descriptor, bytes) {
  for (let offset = 0; offset < bytes.length; ) offset += writeSync(descriptor, bytes, offset);
}

// npm run bench [-- [NAME…] [--json]]: measures, and says what was measured beside what is wanted. See README.md.
import { cpus } from 'node:os';
import { openSandbox } from './sandbox.mjs';

const NAMES = ['start-job', 'get-job', 'many-jobs', 'receive', 'stop-tree', 'help', 'library-start', 'thread-jobs', 'job-memory', 'output', 'next', 'scheduler-load', 'scheduler-due', 'scheduler-burst', 'scheduler-commands', 'scheduler-size', 'scheduler-restart', 'import-runs', 'engine', 'engine-lists', 'dashboard'];

const words = process.argv.slice(2);
const asJson = words.includes('--json');
const wanted = words.filter((word) => word !== '--json');
const unknown = wanted.find((name) => !NAMES.includes(name));
if (unknown !== undefined) {
  console.error(`bench: there is no bench "${unknown}"; there are ${NAMES.join(', ')}`);
  process.exit(2);
}

const results = [];
for (const name of wanted.length === 0 ? NAMES : wanted) {
  const sandbox = openSandbox();
  try {
    const { bench } = await import(`./${name}.mjs`);
    for (const result of [await bench(sandbox)].flat()) results.push({ name, ...result, met: isMet(result) });
  } catch (cause) {
    if (sandbox.isInterrupted()) break;
    results.push({ name, failed: cause.message });
  } finally {
    await sandbox.close();
  }
}
print();
process.exit(results.some(({ failed }) => failed !== undefined) ? 1 : 0);

function isMet({ figure, atMost, atLeast }) {
  return atMost === undefined ? figure >= atLeast : figure <= atMost;
}

function print() {
  const machine = { node: process.version, cpus: cpus().length, model: cpus()[0]?.model, platform: `${process.platform} ${process.arch}` };
  if (asJson) {
    console.log(JSON.stringify({ machine, results }, null, 2));
    return;
  }
  console.log(`Node ${machine.node}, ${machine.cpus} cores (${machine.model})\n`);
  const rows = [['bench', 'figure', 'target', '', 'what'], ...results.map(rowOf)];
  const widths = rows[0].map((_, column) => Math.max(...rows.map((row) => row[column].length)));
  for (const row of rows) console.log(row.map((cell, column) => cell.padEnd(widths[column])).join('  ').trimEnd());
}

function rowOf({ name, failed, figure, unit = '', atMost, atLeast, met, what, details }) {
  if (failed !== undefined) return [name, '-', '-', 'FAILED', failed];
  const target = atMost === undefined ? `>= ${atLeast}` : `<= ${atMost}`;
  return [name, `${figure.toFixed(2)}${unit}`, target, met ? 'ok' : 'MISSED', `${what} (${details})`];
}

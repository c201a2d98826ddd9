import type { Finding } from '@nightshift/host';
import { isJobError } from '@nightshift/sdk';
import { wrapped } from '../options/wrap.ts';
import { cellsOf } from '../print/cells.ts';
import { writeJson } from '../print/json.ts';
import { lookOf, paint, type Colour, type Look } from '../print/look.ts';
import { sanitiseLine } from '../print/sanitise.ts';
import { writeOut } from '../print/terminal.ts';
import { formatOf, type Surroundings, type Verb } from '../verb.ts';

export const doctor: Verb = {
  table: {
    name: 'doctor',
    summary: 'checks this machine, the folders, the stores and the configuration here; with --repair mends the stores',
    examples: ['nightshift doctor', 'nightshift doctor -o json', 'nightshift doctor --repair'],
    usage: ['[options]'],
    words: 0,
    options: { repair: { kind: 'switch', help: 'build a lost index anew from the run folders; a damaged file is kept beside it' } },
  },
  async run(options, surroundings) {
    const format = formatOf(options, ['table', 'json']);
    const findings = await findingsOf(surroundings, options.isOn('repair'));
    if (format === 'json') writeJson({ apiVersion: 1, findings: findings.map(plain) });
    else print(findings);
    return findings.every(({ ok }) => ok) ? 0 : 1;
  },
};

/** Without a home there is not even a host: that is the first thing to be told. */
async function findingsOf({ host }: Surroundings, repair: boolean): Promise<readonly Finding[]> {
  try {
    const examiner = await host().doctor();
    return await (repair ? examiner.repair() : examiner.examine());
  } catch (cause) {
    if (!isJobError(cause) || cause.code !== 'HomeNotFound') throw cause;
    return [{ subject: 'home', state: 'bad', ok: false, text: `${cause.code}: ${cause.message}`, fix: 'export NIGHTSHIFT_STATE_DIR=FOLDER' }];
  }
}

function plain({ subject, state, ok, text, fix = null as never }: Finding): object {
  return { subject, state, ok, text, fix };
}

/** How each state looks on a terminal, beside its word. */
const LOOKS: Readonly<Record<Finding['state'], readonly [symbol: string, colour: Colour]>> = { ok: ['✓', 'green'], warning: ['!', 'yellow'], bad: ['✗', 'red'] };

/** What people read in a terminal of the usual width. */
const USUAL_WIDTH = 80;
/** A text that is left less room begins on a line of its own. */
const NARROW = 40;

function print(findings: readonly Finding[]): void {
  const look = lookOf(1);
  const widest = findings.reduce((most, { subject }) => Math.max(most, cellsOf(subject)), 0);
  writeOut(findings.flatMap((finding) => linesOf(finding, widest, look)).map((line) => `${line}\n`).join(''));
}

/** Texts are wrapped; what is to be typed stays whole, on a line of its own. */
function linesOf({ subject, state, text, fix }: Finding, widest: number, look: Look): readonly string[] {
  const [symbol, colour] = LOOKS[state];
  const word = `${look.symbols ? `${symbol} ` : ''}${state}`.padEnd(look.symbols ? 9 : 7);
  const head = `${paint(look, colour, word)}  ${subject}${' '.repeat(widest - cellsOf(subject))}`;
  const width = look.width ?? USUAL_WIDTH;
  const beside = word.length + widest + 4;
  const indent = width - beside < NARROW ? 2 : beside;
  const lines = wrapped(sanitiseLine(text), width - indent, 0);
  const below = [...(indent === beside ? lines.slice(1) : lines), ...(fix === undefined ? [] : [`fix: ${sanitiseLine(fix)}`])];
  return [indent === beside ? `${head}  ${lines[0] ?? ''}` : head.trimEnd(), ...below.map((line) => ' '.repeat(indent) + line)];
}

/**
 * One line on a terminal's standard error for all that is under way, drawn over itself and taken away before anything else
 * is printed. Elsewhere nothing: whoever reads a file wants no line a second.
 */
import type { ProgressRecord } from '@nightshift/sdk';
import { cellsOf, cutTo } from './cells.ts';
import { lookOf, paint, type Colour, type Look } from './look.ts';
import { sanitiseLine } from './sanitise.ts';
import { isTerminal, writeError } from './terminal.ts';
import { durationText } from './time.ts';

/** One activity of one job. */
export interface Bar {
  readonly jobId: number;
  readonly record: Shown;
  /** When it was first seen, in milliseconds, and how far it was then: what is left is estimated from there. */
  readonly since: number;
  readonly from: number;
}

/** A job may know better than we when it will be done. */
type Shown = ProgressRecord & { readonly secondsRemaining?: number };

const bars = new Map<string, Bar>();
let isDrawn = false;

/** Notes how far an activity is; `drawProgress` shows it. */
export function noteProgress(jobId: number, record: Shown): void {
  const key = `${jobId} ${record.activity}`;
  const { since, from } = bars.get(key) ?? { since: performance.now(), from: record.percent ?? 0 };
  if (record.completed === true) bars.delete(key);
  else bars.set(key, { jobId, record, since, from });
}

/** Shows all activities in one line. Nothing under way, or no terminal that lines can be redrawn on: nothing. */
export function drawProgress(): void {
  clearProgress();
  if (bars.size === 0 || !isTerminal(2) || process.env['TERM'] === 'dumb') return;
  const look = lookOf(2);
  // The last column stays free: some terminals go to the next line as soon as it is written.
  writeError(progressLine([...bars.values()], { ...look, width: (look.width ?? 80) - 1 }, performance.now()));
  isDrawn = true;
}

/** Takes the line away: something else is to be printed. What is under way is remembered. */
export function clearProgress(): void {
  if (isDrawn) writeError('\r\u001b[2K');
  isDrawn = false;
}

/** Takes the line away for good. */
export function endProgress(): void {
  clearProgress();
  bars.clear();
}

/** The activities side by side, each in an equal share of the width; those for which there is no room are counted. */
export function progressLine(all: readonly Bar[], look: Look & { readonly width: number }, now: number): string {
  const shown = all.slice(0, Math.max(1, Math.floor(look.width / NARROWEST)));
  const more = all.length > shown.length ? ` +${all.length - shown.length}` : '';
  const share = Math.floor((look.width - more.length - (shown.length - 1) * BETWEEN.length) / shown.length);
  return shown.map((bar) => barText(bar, { ...look, width: share }, now, all.length > 1)).join(BETWEEN) + more;
}

/** Cells that an activity needs to say anything. */
const NARROWEST = 36;
const BETWEEN = '   ';

type Part = readonly [text: string, colour?: Colour];

/** The fullest form that fits; where none does, the name is cut. */
function barText(bar: Bar, look: Look & { readonly width: number }, now: number, several: boolean): string {
  const { activity, status = '' } = bar.record;
  const percent = bar.record.percent === undefined ? undefined : Math.min(100, Math.max(0, bar.record.percent));
  const name = sanitiseLine(several ? `${bar.jobId} ${activity}` : activity);
  const share = percent === undefined ? '' : `${String(Math.round(percent)).padStart(3)} %`;
  const rest: readonly Part[] = [[sanitiseLine(status)], [leftText(bar, now), 'grey']];
  const form = (cells: number, ...others: readonly Part[]): Part[] => [[name] as Part, [boxes(percent, cells, look), 'cyan'] as Part, [share] as Part, ...others].filter(([text]) => text !== '');
  const forms = [form(several ? 10 : 20, ...rest), form(10, ...rest), form(10, rest[1] as Part), form(10), form(0)];
  const short: Part[] = [[cutTo(name, Math.max(1, look.width - cellsOf(share) - 2), look.symbols ? '…' : '~')], [share]];
  const chosen = forms.find((parts) => cellsOf(parts.map(([text]) => text).join('  ')) <= look.width) ?? short;
  return chosen.map(([text, colour]) => (colour === undefined ? text : paint(look, colour, text))).join('  ').trimEnd();
}

function boxes(percent: number | undefined, cells: number, { symbols }: Look): string {
  if (cells === 0 || percent === undefined) return '';
  const filled = Math.round((percent / 100) * cells);
  return symbols ? '█'.repeat(filled) + '░'.repeat(cells - filled) : `[${'#'.repeat(filled)}${'.'.repeat(cells - filled)}]`;
}

/** Milliseconds that must have passed before an estimate means anything. */
const SOON = 2_000;

/** What is left, as the job says or as fast as it has gone so far; empty while nobody can know. */
function leftText({ record, since, from }: Bar, now: number): string {
  const { percent, secondsRemaining } = record;
  const elapsed = now - since;
  const estimated = percent === undefined || percent <= from || elapsed < SOON ? undefined : (elapsed / (percent - from)) * (100 - percent);
  const milliseconds = secondsRemaining === undefined ? estimated : secondsRemaining * 1_000;
  return milliseconds === undefined || milliseconds < 1_000 ? '' : `${durationText(Math.round(milliseconds / 1_000) * 1_000)} left`;
}

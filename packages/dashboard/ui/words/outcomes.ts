import type { CalendarCell, Outcome } from '../../src/api.ts';
import type { Look } from './states.ts';

/** What became of a due time: in a word, a symbol and a colour. The first are the worst. */
export const OUTCOMES: Readonly<Record<Outcome, { readonly word: string; readonly look: Look }>> = {
  misfire: { word: 'missed', look: ['!', 'red'] },
  undecided: { word: 'undecided', look: ['?', 'yellow'] },
  overlap: { word: 'skipped: overlap', look: ['‖', 'yellow'] },
  condition: { word: 'skipped: condition', look: ['◇', 'magenta'] },
  late: { word: 'late', look: ['◑', 'yellow'] },
  void: { word: 'void', look: ['×', 'grey'] },
  waiting: { word: 'waiting', look: ['○', 'blue'] },
  'caught-up': { word: 'caught up', look: ['↺', 'cyan'] },
  'run-later': { word: 'run later', look: ['↺', 'cyan'] },
  disabled: { word: 'skipped: disabled', look: ['–', 'grey'] },
  edited: { word: 'skipped: edited', look: ['~', 'grey'] },
  'on-time': { word: 'on time', look: ['✓', 'green'] },
  due: { word: 'to come', look: ['·', 'grey'] },
};

export const FAILED: Look = ['✗', 'red'];

const ORDER = Object.keys(OUTCOMES) as Outcome[];

/** The worst of a cell; undefined where nothing was due. */
export function worstOf({ outcomes }: CalendarCell): Outcome | undefined {
  return ORDER.find((outcome) => (outcomes[outcome] ?? 0) > 0);
}

export function lookOfOutcome(outcome: string): { readonly word: string; readonly look: Look } {
  return OUTCOMES[outcome as Outcome] ?? { word: outcome, look: ['?', 'grey'] };
}

/** `3 on time, 1 late`. */
export function cellWords({ outcomes, failed, reason }: CalendarCell): string {
  const parts = ORDER.flatMap((outcome) => ((outcomes[outcome] ?? 0) > 0 ? [`${outcomes[outcome]} ${OUTCOMES[outcome].word}`] : []));
  if (failed > 0) parts.push(`${failed} Failed`);
  const counts = parts.length === 0 ? 'nothing due' : parts.join(', ');
  return reason === '' ? counts : `${counts}. ${reason}`;
}

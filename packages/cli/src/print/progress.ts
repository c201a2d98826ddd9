import type { ProgressRecord } from '@nightshift/sdk';
import { sanitiseLine } from './sanitise.ts';
import { terminalWidth, writeError } from './terminal.ts';

const WIDTH = 20;
let isShown = false;

/** One line on a terminal's stderr, drawn over the last one. */
export function showProgress({ activity, percent, status, completed }: ProgressRecord): void {
  if (completed === true) return clearProgress();
  const filled = Math.round(((percent ?? 0) / 100) * WIDTH);
  const bar = percent === undefined ? '' : `  ${'█'.repeat(filled)}${'░'.repeat(WIDTH - filled)}  ${String(Math.round(percent)).padStart(3)} %`;
  const line = sanitiseLine(`${activity}${bar}${status === undefined ? '' : `  ${status}`}`);
  writeError(`\r\u001b[2K${[...line].slice(0, terminalWidth() - 1).join('')}`);
  isShown = true;
}

export function clearProgress(): void {
  if (isShown) writeError('\r\u001b[2K');
  isShown = false;
}

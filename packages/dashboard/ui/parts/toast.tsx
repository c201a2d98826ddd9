import type { JSX } from 'preact';
import { said, unsay } from '../data/writes.tsx';
import { visible } from '../words/safe-text.ts';

/** How the last thing went that somebody has done here. */
export function Toast(): JSX.Element | null {
  const now = said.value;
  if (now === undefined) return null;
  return (
    <div class={`toast tone-${now.isTrouble ? 'red' : 'green'}`} role={now.isTrouble ? 'alert' : undefined}>
      <span class="toned" aria-hidden="true">{now.isTrouble ? '✗' : '✓'}</span>
      <div>
        <p>{now.href === undefined ? visible(now.text) : <a href={now.href}>{visible(now.text)}</a>}</p>
        {now.hint !== undefined && <p class="quiet small">{visible(now.hint)}</p>}
      </div>
      <button type="button" class="button bare" onClick={unsay} aria-label="Close this message">✕</button>
    </div>
  );
}

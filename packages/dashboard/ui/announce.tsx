import { signal } from '@preact/signals';
import type { JSX } from 'preact';

/** What a screen reader is told without being asked. The same sentence twice is said twice. */
const said = signal({ text: '', turn: 0 });

export function announce(text: string): void {
  said.value = { text, turn: said.peek().turn + 1 };
}

export function LiveRegion(): JSX.Element {
  const { text, turn } = said.value;
  return (
    <div class="unseen" role="status" aria-live="polite">
      <span key={turn}>{text}</span>
    </div>
  );
}

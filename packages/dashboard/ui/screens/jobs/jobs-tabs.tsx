import type { JSX } from 'preact';

/** The two sides of the screen Jobs: what is defined, and what ran. */
export function JobsTabs({ current }: { readonly current: 'definitions' | 'runs' }): JSX.Element {
  return (
    <div class="choice" role="group" aria-label="What to list">
      <a href="/jobs" aria-current={current === 'definitions' ? 'page' : undefined}>Definitions</a>
      <a href="/runs" aria-current={current === 'runs' ? 'page' : undefined}>Runs</a>
    </div>
  );
}

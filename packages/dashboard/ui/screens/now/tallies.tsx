import type { JSX } from 'preact';
import type { Counts } from '../../../src/api.ts';
import type { Look } from '../../words/states.ts';

/** Six numbers, each leading to what it counts. */
export function Tallies({ counts }: { readonly counts: Counts }): JSX.Element {
  const entries: readonly (readonly [label: string, count: number, href: string, look: Look])[] = [
    ['running', counts.running, '/runs?state=Running', ['●', 'cyan']],
    ['waiting', counts.waiting, '/runs?state=NotStarted', ['○', 'grey']],
    ['need somebody', counts.needsAttention, '/runs?state=Suspended,Disconnected,Blocked,AtBreakpoint', ['‖', 'blue']],
    ['failed in 24 h', counts.failed24h, '/runs?state=Failed&within=24h', ['✗', 'red']],
    ['missed in 24 h', counts.missed24h, '/calendar?view=day', ['!', 'yellow']],
    ['completed in 24 h', counts.completed24h, '/runs?state=Completed&within=24h', ['✓', 'green']],
    ['broken definitions', counts.brokenDefinitions, '/jobs?only=broken', ['✗', 'red']],
  ];
  // What is there only in bad times is shown only then.
  const shown = entries.filter(([label, count]) => count > 0 || !['need somebody', 'broken definitions'].includes(label));
  return (
    <ul class="tallies">
      {shown.map(([label, count, href, [symbol, tone]]) => (
        <li key={label}>
          <a href={href} class={`tally tone-${count === 0 ? 'grey' : tone}`}>
            <span class="tally-count number">{count.toLocaleString('en')}</span>
            <span class="tally-label"><span class="toned" aria-hidden="true">{symbol}</span> {label}</span>
          </a>
        </li>
      ))}
    </ul>
  );
}

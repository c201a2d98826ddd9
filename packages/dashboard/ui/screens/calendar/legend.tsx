import type { JSX } from 'preact';
import { FAILED, OUTCOMES } from '../../words/outcomes.ts';

/** What the marks of the cells mean. */
export function Legend(): JSX.Element {
  const entries = [...Object.values(OUTCOMES).map(({ word, look }) => [word, look] as const).filter(([word], at, all) => all.findIndex(([other]) => other === word) === at), ['started, then Failed', FAILED] as const, ['moved by a clock change', ['±', 'magenta']] as const];
  return (
    <ul class="legend small" aria-label="What the marks mean">
      {entries.map(([word, [symbol, tone]]) => <li key={word} class={`tone-${tone}`}><span class="cell legend-mark" aria-hidden="true">{symbol}</span> {word}</li>)}
    </ul>
  );
}

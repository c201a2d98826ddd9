import type { JSX } from 'preact';
import { lookOfState, type Look } from '../words/states.ts';

/** A symbol, a word and a colour, in this order of weight. */
export function Badge({ look: [symbol, tone], word }: { readonly look: Look; readonly word: string }): JSX.Element {
  return (
    <span class={`badge tone-${tone}`}>
      <span class="symbol" aria-hidden="true">{symbol}</span>
      {word}
    </span>
  );
}

export function StateBadge({ state }: { readonly state: string }): JSX.Element {
  return <Badge look={lookOfState(state)} word={state} />;
}

import type { JSX } from 'preact';
import type { PathStep } from '../../../src/api.ts';
import { now } from '../../clock.ts';
import { lookOfState, type Look } from '../../words/states.ts';
import { visible } from '../../words/safe-text.ts';
import { clockToSecond, dayOf, durationText, fullText, whenText } from '../../words/times.ts';

const STEPS: Readonly<Record<string, readonly [word: string, look: Look]>> = {
  due: ['due', ['◷', 'grey']],
  created: ['created', ['○', 'grey']],
  attempt: ['attempt', ['●', 'cyan']],
  retry: ['retry', ['↻', 'yellow']],
};

/** The states that a job went through, one after the other, with the moment of each and the time in between. */
export function Path({ steps }: { readonly steps: readonly PathStep[] }): JSX.Element | null {
  if (steps.length === 0) return null;
  return (
    <ol class="path card" aria-label="Path of states">
      {steps.map((step, at) => {
        const [word, [symbol, tone]] = STEPS[step.what] ?? [step.what, lookOfState(step.what)];
        const [before, after] = [steps[at - 1], steps[at + 1]];
        const [instant, earlier] = [Date.parse(step.at), before === undefined ? undefined : Date.parse(before.at)];
        const isNewDay = earlier === undefined ? dayOf(instant) !== dayOf(now.value) : dayOf(instant) !== dayOf(earlier);
        return (
          <li key={`${step.what} ${step.at}`} class={`tone-${tone}`}>
            <span class="path-mark toned" aria-hidden="true">{symbol}</span>
            {after !== undefined && Date.parse(after.at) - instant >= 1_000 && <span class="path-gap quiet number" aria-hidden="true">{durationText(Date.parse(after.at) - instant)}</span>}
            <span class="path-word toned">{word}</span>
            <time class="small number" dateTime={step.at} title={`${fullText(instant)} (${step.at})`}>{isNewDay ? whenText(instant, 0) : clockToSecond(instant)}</time>
            {step.text !== '' && <span class="small quiet">{visible(step.text)}</span>}
          </li>
        );
      })}
    </ol>
  );
}

import type { JSX } from 'preact';
import type { System } from '../../../src/api.ts';
import { now } from '../../clock.ts';
import { fullText, whenText } from '../../words/times.ts';

export function Clock({ clock }: { readonly clock: System['clock'] }): JSX.Element {
  return (
    <section class="card" aria-labelledby="clock">
      <header><h2 id="clock">Clock</h2></header>
      <div class="card-body column">
        <p class="big number">{fullText(now.value)}</p>
        <dl class="facts">
          <div><dt>Zone</dt><dd>{clock.timeZone}, UTC{offset(clock.offsetMinutes)}</dd></div>
          <div><dt>Time zone data</dt><dd>{clock.tzdata}</dd></div>
          <div><dt>Next change</dt><dd>{clock.nextChange === null ? 'none' : <>{whenText(Date.parse(clock.nextChange.at), now.value)}: {clock.nextChange.words}</>}</dd></div>
        </dl>
      </div>
    </section>
  );
}

function offset(minutes: number): string {
  const size = Math.abs(minutes);
  return `${minutes < 0 ? '−' : '+'}${Math.floor(size / 60)}:${String(size % 60).padStart(2, '0')}`;
}

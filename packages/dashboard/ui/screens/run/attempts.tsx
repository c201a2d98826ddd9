import type { JSX } from 'preact';
import type { AttemptView } from '../../../src/api.ts';
import { durationOf, endText } from '../../words/jobs.ts';
import { Moment } from '../../parts/moment.tsx';
import { visible } from '../../words/safe-text.ts';
import { durationText } from '../../words/times.ts';

/** The tries of one job; of a single one the facts say everything. */
export function Attempts({ attempts }: { readonly attempts: readonly AttemptView[] }): JSX.Element | null {
  if (attempts.length < 2) return null;
  return (
    <section class="card" aria-labelledby="attempts">
      <header><h2 id="attempts">Attempts</h2><span class="count">{attempts.length}</span></header>
      <ol class="plain-list small">
        {attempts.map((attempt) => {
          const duration = durationOf(attempt);
          return (
            <li key={attempt.attempt}>
              <strong class="number">{attempt.attempt}</strong>{' '}
              {attempt.beginTime === null ? <span class="quiet">has not begun</span> : <Moment at={attempt.beginTime} form="clock" />}
              {duration !== undefined && <span class="quiet"> · ran {durationText(duration)}</span>}
              {endText(attempt) !== '' && <span> · {endText(attempt)}</span>}
              {attempt.statusMessage !== '' && <p class="quiet">{visible(attempt.statusMessage)}</p>}
            </li>
          );
        })}
      </ol>
    </section>
  );
}

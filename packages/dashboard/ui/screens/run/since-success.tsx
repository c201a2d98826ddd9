import type { JSX } from 'preact';
import type { Run } from '../../../src/api.ts';
import { Moment } from '../../parts/moment.tsx';
import { visible } from '../../words/safe-text.ts';
import { counted } from '../../words/times.ts';

/** What is not as it was when it went well the last time. */
export function SinceSuccess({ run: { sinceSuccess } }: { readonly run: Run }): JSX.Element | null {
  if (sinceSuccess === null) return null;
  const { success, changes, failuresSince } = sinceSuccess;
  return (
    <section class="card" aria-labelledby="since-success">
      <header>
        <h2 id="since-success">Since the last success</h2>
      </header>
      <div class="card-body small difference">
        <p>
          <a href={`/runs/${success.id}`}>{visible(success.name)} ({success.id})</a> completed {success.endTime !== null && <Moment at={success.endTime} />}
          {failuresSince > 1 && <>; {counted(failuresSince, 'run')} failed since</>}.
        </p>
        {changes.length === 0 ? <p class="quiet">Nothing that is recorded differs.</p> : (
          <table class="changes">
            <thead><tr><th scope="col"><span class="unseen">What</span></th><th scope="col">then</th><th scope="col">now</th></tr></thead>
            <tbody>
              {changes.map(({ what, before, now }) => (
                <tr key={what}>
                  <th scope="row">{what}</th>
                  <td class="mono"><span title={visible(before)}>{visible(before)}</span></td>
                  <td class="mono"><span title={visible(now)}>{visible(now)}</span></td>
                </tr>
              ))}
            </tbody>
          </table>
        )}
      </div>
    </section>
  );
}

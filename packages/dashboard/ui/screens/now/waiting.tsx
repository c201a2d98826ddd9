import type { JSX } from 'preact';
import type { WaitingJob } from '../../../src/api.ts';
import { now } from '../../clock.ts';
import { StateBadge } from '../../parts/badge.tsx';
import { whyText } from '../../words/jobs.ts';
import { visible } from '../../words/safe-text.ts';
import { counted } from '../../words/times.ts';

export function Waiting({ jobs, count }: { readonly jobs: readonly WaitingJob[]; readonly count: number }): JSX.Element {
  return (
    <section class="card" aria-labelledby="waiting">
      <header>
        <h2 id="waiting">Waiting</h2>
        <span class="count">{count}</span>
        {count > jobs.length && <a class="small" href="/runs?state=NotStarted">all {counted(count, 'job')}</a>}
      </header>
      <ul class="waiting">
        {jobs.map((job) => (
          <li key={job.instanceId}>
            <a class="title-link one-line" href={`/runs/${job.id}`}>{visible(job.name)}</a>
            <span class="quiet small number">{job.id}</span>
            <span class="small">{whyText(job.why, now.value)}</span>
            <StateBadge state={job.state} />
          </li>
        ))}
      </ul>
    </section>
  );
}

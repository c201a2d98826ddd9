import type { JSX } from 'preact';
import type { RunningJob } from '../../../src/api.ts';
import { StateBadge } from '../../parts/badge.tsx';
import { StopJob } from '../../parts/job-acts.tsx';
import { Elapsed } from '../../parts/moment.tsx';
import { ProgressBar } from '../../parts/progress-bar.tsx';
import { Icon } from '../../parts/icon.tsx';
import { counted, roughText } from '../../words/times.ts';
import { visible } from '../../words/safe-text.ts';
import { plainText } from '../../log/ansi.ts';

export function Running({ jobs, count, done }: { readonly jobs: readonly RunningJob[]; readonly count: number; done(): void }): JSX.Element {
  return (
    <section class="card" aria-labelledby="running">
      <header>
        <h2 id="running">Running</h2>
        <span class="count">{count}</span>
        {count > jobs.length && <a class="small" href="/runs?state=Running">all {counted(count, 'job')}</a>}
      </header>
      {jobs.length === 0 ? <div class="empty"><Icon name="moon" /><p>Nothing runs now.</p></div> : <ul class="running">{jobs.map((job) => <One key={job.instanceId} job={job} done={done} />)}</ul>}
    </section>
  );
}

function One({ job, done }: { readonly job: RunningJob; done(): void }): JSX.Element {
  return (
    <li>
      <div class="running-head">
        <a class="title-link one-line" href={`/runs/${job.id}`}>{visible(job.name)}</a>
        <span class="quiet small number">{job.id}</span>
        <StateBadge state={job.state} />
        <span class="small quiet running-time">
          {job.beginTime !== null && <Elapsed since={job.beginTime} />}
          {job.leftMs !== null && <> · {job.leftMs < 1_000 ? 'longer than usual' : `about ${roughText(job.leftMs)} left`}</>}
        </span>
        <StopJob job={job} done={done} />
      </div>
      <ProgressBar progress={job.progress} share={shareOf(job)} name={job.name} />
      {job.lastLine !== null && job.lastLine !== '' && <p class="last-line mono one-line quiet">{visible(plainText(job.lastLine))}</p>}
    </li>
  );
}

/** Without a progress of its own: the part of its usual time that has gone by. */
function shareOf({ usualMs, leftMs }: RunningJob): number | undefined {
  return usualMs === null || leftMs === null || usualMs === 0 ? undefined : Math.min(99, (100 * (usualMs - leftMs)) / usualMs);
}

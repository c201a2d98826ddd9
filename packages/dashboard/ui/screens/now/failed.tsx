import type { JSX } from 'preact';
import type { JobRow } from '../../../src/api.ts';
import { JobRows } from '../../parts/job-rows.tsx';
import { counted } from '../../words/times.ts';

export function Failed({ jobs, count }: { readonly jobs: readonly JobRow[]; readonly count: number }): JSX.Element {
  return (
    <section class="card" aria-labelledby="failed">
      <header>
        <h2 id="failed">Failed in the last 24 h</h2>
        <span class="count">{count}</span>
        {count > jobs.length && <a class="small" href="/runs?state=Failed&within=24h">all {counted(count, 'job')}</a>}
      </header>
      {jobs.length === 0 ? <div class="empty"><p>Nothing failed.</p></div> : <JobRows jobs={jobs} label="Failed in the last 24 h" />}
    </section>
  );
}

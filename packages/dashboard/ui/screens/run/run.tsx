import type { JSX } from 'preact';
import { useEffect } from 'preact/hooks';
import type { LogPlace, Run, ServerEvent } from '../../../src/api.ts';
import { now } from '../../clock.ts';
import { useAnswer } from '../../data/answer.ts';
import { keyPath } from '../../data/ask.ts';
import { follow } from '../../data/live.ts';
import { LogPanel } from '../../log/log-panel.tsx';
import { StateBadge } from '../../parts/badge.tsx';
import { StartAgain, StopJob } from '../../parts/job-acts.tsx';
import { JobRows } from '../../parts/job-rows.tsx';
import { Elapsed } from '../../parts/moment.tsx';
import { Notice } from '../../parts/notice.tsx';
import { ProgressBar } from '../../parts/progress-bar.tsx';
import { Failure, Screen, Wait } from '../../parts/screen.tsx';
import { durationOf, endText, originText, whyText } from '../../words/jobs.ts';
import { visible } from '../../words/safe-text.ts';
import { lookOfState } from '../../words/states.ts';
import { durationText, roughText } from '../../words/times.ts';
import { Attempts } from './attempts.tsx';
import { SinceSuccess } from './since-success.tsx';
import { Facts } from './facts.tsx';
import { Path } from './path.tsx';
import { Values } from './values.tsx';

/** One run: its path, why it is there, what it said, what it gave, and what is different from the last time that it went well. */
export function RunScreen({ id }: { readonly id: string }): JSX.Element {
  const { data, error, again } = useAnswer<Run>(`/api/jobs/${encodeURIComponent(id)}`, { heard, every: ({ job }) => (job.endTime === null && job.beginTime !== null ? 5_000 : undefined) });
  const known = data?.job.id;
  useEffect(() => {
    if (known !== undefined) follow(String(known));
    return () => follow(undefined);
  }, [known]);
  if (data === undefined) return <Screen title={`Run ${id}`}>{error === undefined ? <Wait /> : <Failure error={error} />}</Screen>;
  const { job } = data;
  return (
    <Screen title={job.name} name={`${job.id} ${job.state}`} above={<Above run={data} />} below={<Below run={data} />} beside={<Buttons run={data} changed={again} />}>
      {error !== undefined && <Failure error={error} />}
      <Trouble run={data} />
      {job.endTime === null && <ProgressBar progress={data.progress} share={shareOf(data)} name={job.name} />}
      <Path steps={data.path} />
      <div class="run-columns">
        <div class="column">
          <LogPanel logs={data.logs} />
          {data.children.length > 0 && (
            <section class="card" aria-labelledby="children">
              <header><h2 id="children">Child jobs</h2><span class="count">{data.children.length}</span></header>
              <JobRows jobs={data.children} label="Child jobs" />
            </section>
          )}
        </div>
        <div class="column">
          <SinceSuccess run={data} />
          <Facts run={data} />
          <Values values={data.values} more={data.moreValues} />
          <Attempts attempts={data.attempts} />
        </div>
      </div>
    </Screen>
  );
}

function heard(event: ServerEvent, answer: Run): Run | 'again' {
  if (event.is === 'log') return withLog(answer, event.log);
  if (event.is !== 'jobs') return answer;
  const mine = [answer.job.id, ...answer.job.childJobs, ...answer.children.map(({ id }) => id)];
  return event.more || event.jobs.some(({ id, origin }) => mine.includes(id) || (origin.kind === 'parent' && origin.parentId === answer.job.id)) ? 'again' : answer;
}

function withLog(run: Run, grown: LogPlace): Run | 'again' {
  const isSame = (log: LogPlace): boolean => log.jobId === grown.jobId && log.attempt === grown.attempt && log.channel === grown.channel;
  return run.logs.some(isSame) ? { ...run, logs: run.logs.map((log) => (isSame(log) ? grown : log)) } : 'again';
}

function shareOf({ usualMs, leftMs }: Run): number | undefined {
  return usualMs === null || leftMs === null || usualMs === 0 ? undefined : Math.min(99, (100 * (usualMs - leftMs)) / usualMs);
}

function Above({ run: { definition, parent, job } }: { readonly run: Run }): JSX.Element {
  return (
    <>
      <a href="/runs">Runs</a>
      {definition !== null && <> / <a href={`/jobs/${keyPath(definition)}`}>{visible(definition.name)}</a></>}
      {parent !== null && <> / <a href={`/runs/${parent.id}`}>{visible(parent.name)} ({parent.id})</a></>}
      {' / '}<span class="number">{job.id}</span>
    </>
  );
}

function Below({ run: { job, why, leftMs } }: { readonly run: Run }): JSX.Element {
  const duration = durationOf(job);
  const end = endText(job);
  return (
    <span class="run-below">
      <StateBadge state={job.state} />
      {end !== '' && <span class={`toned tone-${lookOfState(job.state)[1]}`}>{end}</span>}
      {why !== null && <span>{whyText(why, now.value)}</span>}
      {duration !== undefined ? <span>ran {durationText(duration)}</span> : job.beginTime !== null && <span>for <Elapsed since={job.beginTime} /></span>}
      {leftMs !== null && job.endTime === null && <span>{leftMs < 1_000 ? 'longer than usual' : `about ${roughText(leftMs)} left`}</span>}
      <span>{originText(job.origin, now.value)}</span>
      {job.attempt > 1 && <span>attempt {job.attempt}</span>}
    </span>
  );
}

function Buttons({ run: { job, can, commands }, changed }: { readonly run: Run; changed(): void }): JSX.Element {
  return (
    <>
      {can.startAgain && <StartAgain job={job} command={commands.start} done={changed} />}
      {can.stop && <StopJob job={job} command={commands.stop} done={changed} />}
    </>
  );
}

/** Of a run that went wrong: what it said last, before anything else. */
function Trouble({ run: { job } }: { readonly run: Run }): JSX.Element | null {
  const text = job.message === '' ? job.statusMessage : job.message;
  if (text === '' || job.state === 'Completed' || job.state === 'Running') return null;
  return <Notice tone={lookOfState(job.state)[1]} title={text}>{job.statusMessage !== '' && job.statusMessage !== text && job.statusMessage !== endText(job) && <p class="small">{visible(job.statusMessage)}</p>}</Notice>;
}

import type { JSX } from 'preact';
import type { Now, ServerEvent } from '../../../src/api.ts';
import { useAnswer } from '../../data/answer.ts';
import { keyPath } from '../../data/ask.ts';
import { now } from '../../clock.ts';
import { Moment } from '../../parts/moment.tsx';
import { Failure, Screen, Wait } from '../../parts/screen.tsx';
import { roughText } from '../../words/times.ts';
import { headline } from './headline.ts';
import { DueAhead } from './due-ahead.tsx';
import { Failed } from './failed.tsx';
import { Running } from './running.tsx';
import { Tallies } from './tallies.tsx';
import { Waiting } from './waiting.tsx';

/** While something runs, its last line and its progress are asked for so often. */
const GLANCE = 3_000;

/** What runs, what waits and why, what failed, and what will run. */
export function NowScreen(): JSX.Element {
  const { data, error, again } = useAnswer<Now>('/api/now', { heard, every: ({ counts }) => (counts.running > 0 ? GLANCE : 60_000) });
  if (data === undefined) return <Screen title="Now">{error === undefined ? <Wait /> : <Failure error={error} />}</Screen>;
  return (
    <Screen title={headline(data.counts)} name="Now" below={<Below answer={data} />}>
      {error !== undefined && <Failure error={error} />}
      <Tallies counts={data.counts} />
      <DueAhead due={data.due} />
      <Running jobs={data.running} count={data.counts.running} done={again} />
      {data.waiting.length > 0 && <Waiting jobs={data.waiting} count={data.counts.waiting} />}
      <Failed jobs={data.failed} count={data.counts.failed24h} />
    </Screen>
  );
}

function heard(event: ServerEvent, answer: Now): Now | 'again' {
  if (event.is === 'now') return { ...answer, counts: event.counts, scheduler: event.scheduler };
  if (event.is === 'jobs' || event.is === 'definitions') return 'again';
  return answer;
}

function Below({ answer: { scheduler, due, loading } }: { readonly answer: Now }): JSX.Element {
  const next = due.first.find(({ startsAt }) => Date.parse(startsAt) > now.value);
  return (
    <>
      <span class={`toned tone-${scheduler.state === 'ready' ? 'green' : scheduler.state === 'starting' ? 'yellow' : 'red'}`}>
        <span aria-hidden="true">{scheduler.state === 'ready' ? '✓' : scheduler.state === 'starting' ? '○' : '✗'}</span> scheduler {scheduler.state}
      </span>
      {scheduler.state === 'ready' && scheduler.lagMs >= 1_000 && <span> · {roughText(scheduler.lagMs)} late</span>}
      {next !== undefined && <span> · next is <a href={`/jobs/${keyPath(next.definition)}`}>{next.definition.name}</a> <Moment at={next.startsAt} /></span>}
      {loading !== null && <span> · reading definitions, {loading.done} of {loading.total}</span>}
    </>
  );
}

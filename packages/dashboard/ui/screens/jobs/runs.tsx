import type { JSX } from 'preact';
import type { JobRow, JobsPage, ServerEvent } from '../../../src/api.ts';
import { address } from '../../data/ask.ts';
import { usePages } from '../../data/pages.ts';
import { Choice } from '../../parts/choice.tsx';
import { Icon } from '../../parts/icon.tsx';
import { JobRows } from '../../parts/job-rows.tsx';
import { More } from '../../parts/more.tsx';
import { Failure, Screen, Wait } from '../../parts/screen.tsx';
import { SearchField } from '../../parts/search-field.tsx';
import { go, place, withQuery } from '../../router.ts';
import { lookOfState, STATE_LOOKS } from '../../words/states.ts';
import { JobsTabs } from './jobs-tabs.tsx';
import { useMemo } from 'preact/hooks';

const WITHIN = { '1h': 3_600_000, '24h': 86_400_000, '7d': 604_800_000, '30d': 2_592_000_000 } as const;
const SPANS = [['', 'Any time'], ['1h', '1 h'], ['24h', '24 h'], ['7d', '7 d'], ['30d', '30 d']] as const;
const ORIGINS = [['', 'Any origin'], ['trigger', 'Trigger'], ['demand', 'On demand']] as const;

/** Every job, the newest first, by the filters of get-job. */
export function RunsScreen(): JSX.Element {
  const { query } = place.value;
  const word = (name: string): string | undefined => query.get(name) ?? undefined;
  const within = word('within') as keyof typeof WITHIN | undefined;
  // Counted from the moment one asks, and again only when one asks for something else.
  const since = useMemo(() => (within === undefined || !(within in WITHIN) ? word('since') : new Date(Date.now() - WITHIN[within]).toISOString()), [within, word('since')]);
  const url = address('/api/jobs', { text: word('text'), definition: word('definition'), state: word('state'), type: word('type'), origin: word('origin'), since });
  const page = usePages<JobsPage, JobRow>(url, SHAPE);
  return (
    <Screen title="Runs" beside={<JobsTabs current="runs" />}>
      <div class="filters">
        <SearchField label="Search by name" />
        <Choice name="within" label="Since" values={SPANS} />
        <Choice name="origin" label="Origin" values={ORIGINS} />
        {query.has('definition') && <a class="switch" aria-pressed="true" href={withQuery({ definition: undefined })}>of {query.get('definition')} <span aria-hidden="true">✕</span><span class="unseen">: show of all definitions</span></a>}
      </div>
      <States chosen={(word('state') ?? '').split(',').filter((state) => state !== '')} />
      {page.error !== undefined && <Failure error={page.error} />}
      {page.data === undefined ? page.error === undefined && <Wait /> : (
        <section class="card" aria-label="Runs">
          {page.rows.length === 0 ? <None isFiltered={url.includes('?')} /> : <JobRows jobs={page.rows} label="Runs" />}
          <More more={page.more} isLoading={page.isLoading} words="Show older runs" />
        </section>
      )}
    </Screen>
  );
}

const SHAPE = {
  rowsOf: ({ jobs }: JobsPage) => jobs,
  cursorOf: ({ cursor }: JobsPage) => cursor,
  heard: (event: ServerEvent, page: JobsPage): JobsPage | 'again' => (event.is === 'jobs' ? 'again' : page),
};

/** The eleven states as switches; none pressed means all. */
function States({ chosen }: { readonly chosen: readonly string[] }): JSX.Element {
  const toggle = (state: string): void => {
    const next = chosen.includes(state) ? chosen.filter((one) => one !== state) : [...chosen, state];
    go(withQuery({ state: next.length === 0 ? undefined : next.join(',') }));
  };
  return (
    <div class="switches" role="group" aria-label="States">
      {Object.keys(STATE_LOOKS).map((state) => {
        const [symbol, tone] = lookOfState(state);
        return (
          <button key={state} type="button" class={`switch tone-${tone}`} aria-pressed={chosen.includes(state)} onClick={() => toggle(state)}>
            <span class="symbol toned" aria-hidden="true">{symbol}</span>
            {state}
          </button>
        );
      })}
    </div>
  );
}

function None({ isFiltered }: { readonly isFiltered: boolean }): JSX.Element {
  return (
    <div class="empty">
      <Icon name="runs" />
      {isFiltered ? <p>No job is like that. <a href="/runs">Show all</a></p> : <p>Nothing has run yet. <code>start-job -- make all</code> is a first job.</p>}
    </div>
  );
}

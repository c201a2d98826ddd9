import type { JSX } from 'preact';
import type { Calendar, CalendarRow, ServerEvent } from '../../../src/api.ts';
import { now } from '../../clock.ts';
import { address } from '../../data/ask.ts';
import { usePages } from '../../data/pages.ts';
import { Choice } from '../../parts/choice.tsx';
import { Icon } from '../../parts/icon.tsx';
import { More } from '../../parts/more.tsx';
import { Failure, Screen, Wait } from '../../parts/screen.tsx';
import { SearchField } from '../../parts/search-field.tsx';
import { place, withQuery } from '../../router.ts';
import { counted, dayOf } from '../../words/times.ts';
import { dayName, daysOfMonth, isDay, monthName, shifted } from './days.ts';
import { DayView } from './day-view.tsx';
import { Grid } from './grid.tsx';
import { Legend } from './legend.tsx';

const VIEWS = [['', 'Month'], ['day', 'Day']] as const;

/** What was expected against what came: definitions by days, or one day due time by due time. */
export function CalendarScreen(): JSX.Element {
  const { query } = place.value;
  const today = dayOf(now.value);
  const asked = query.get('date');
  const date = isDay(asked) ? asked : today;
  const isMonth = query.get('view') !== 'day';
  const step = (by: number): string => withQuery({ date: shifted(date, by, isMonth ? 'month' : 'day') });
  return (
    <Screen
      title={isMonth ? monthName(date) : dayName(date)} name="Calendar" above="Calendar: expected against actual"
      beside={(
        <>
          <span class="choice steps">
            <a href={step(-1)} aria-label={isMonth ? 'The month before' : 'The day before'}><Icon name="back" /></a>
            <a href={withQuery({ date: undefined })}>Today</a>
            <a href={step(1)} aria-label={isMonth ? 'The next month' : 'The next day'}><Icon name="forth" /></a>
          </span>
          <Choice name="view" label="How much" values={VIEWS} />
        </>
      )}
    >
      <div class="filters"><SearchField label="Search definitions" /></div>
      {isMonth ? <Month date={date} today={today} text={query.get('text') ?? undefined} /> : <DayView date={date} text={query.get('text') ?? undefined} />}
    </Screen>
  );
}

function Month({ date, today, text }: { readonly date: string; readonly today: string; readonly text: string | undefined }): JSX.Element {
  const [from, days] = daysOfMonth(date);
  const page = usePages<Calendar, CalendarRow>(address('/api/calendar', { from, days, text: text === '' ? undefined : text }), SHAPE);
  const { data, error } = page;
  if (data === undefined) return error === undefined ? <Wait /> : <Failure error={error} />;
  return (
    <>
      {error !== undefined && <Failure error={error} />}
      <section class="card" aria-label="Month">
        <header>
          <span class="count" role="status">{counted(data.total, 'definition')}{data.loading !== null && `, ${data.loading.done} of ${data.loading.total} files read`}</span>
          <span class="small quiet">in {data.timeZone}</span>
        </header>
        {page.rows.length === 0 ? <div class="empty"><Icon name="calendar" /><p>Nothing is or was due in this month.</p></div> : <Grid days={data.days} rows={page.rows} today={today} />}
        <More more={page.more} isLoading={page.isLoading} words={`Show more of ${data.total.toLocaleString('en')}`} />
      </section>
      <Legend />
    </>
  );
}

const SHAPE = {
  rowsOf: ({ rows }: Calendar) => rows,
  cursorOf: ({ cursor }: Calendar) => cursor,
  heard: (event: ServerEvent, page: Calendar): Calendar | 'again' => (event.is === 'jobs' || event.is === 'definitions' ? 'again' : page),
};

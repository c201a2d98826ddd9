import type { JSX } from 'preact';
import type { Calendar, DueTimeRow, DueTimesPage, ServerEvent } from '../../../src/api.ts';
import { useAnswer } from '../../data/answer.ts';
import { address } from '../../data/ask.ts';
import { usePages } from '../../data/pages.ts';
import { Choice } from '../../parts/choice.tsx';
import { Icon } from '../../parts/icon.tsx';
import { More } from '../../parts/more.tsx';
import { Failure, Wait } from '../../parts/screen.tsx';
import { place } from '../../router.ts';
import { DueRows } from './due-rows.tsx';

const OUTCOMES = [['', 'All'], ['misfire', 'Missed'], ['late', 'Late'], ['overlap', 'Overlap'], ['due', 'To come']] as const;

/** One day, due time by due time. */
export function DayView({ date, text }: { readonly date: string; readonly text: string | undefined }): JSX.Element {
  // The calendar knows where a day begins and ends; a day of a clock change has no 24 h.
  const { data: frame, error } = useAnswer<Calendar>(address('/api/calendar', { from: date, days: 1, limit: 1 }));
  const [day] = frame?.days ?? [];
  if (day === undefined) return error === undefined ? <Wait /> : <Failure error={error} />;
  return <Day from={day.from} to={day.to} clockChange={day.clockChange} text={text} />;
}

function Day({ from, to, clockChange, text }: { readonly from: string; readonly to: string; readonly clockChange: string | null; readonly text: string | undefined }): JSX.Element {
  const outcome = place.value.query.get('outcome') ?? undefined;
  const page = usePages<DueTimesPage, DueTimeRow>(address('/api/calendar/due', { from, to, outcome }), SHAPE);
  const rows = text === undefined || text === '' ? page.rows : page.rows.filter(({ definition }) => definition.name.toLowerCase().includes(text.toLowerCase()));
  return (
    <>
      <Choice name="outcome" label="Which due times" values={OUTCOMES} />
      {page.error !== undefined && <Failure error={page.error} />}
      {clockChange !== null && <p class="toned tone-magenta">± {clockChange}</p>}
      {page.data === undefined ? page.error === undefined && <Wait /> : (
        <section class="card" aria-label="Due times">
          {rows.length === 0 ? <div class="empty"><Icon name="calendar" /><p>No such due time on this day.</p></div> : <DueRows due={rows} showsDefinition />}
          <More more={page.more} isLoading={page.isLoading} words="Show later due times" />
        </section>
      )}
    </>
  );
}

const SHAPE = {
  rowsOf: ({ due }: DueTimesPage) => due,
  cursorOf: ({ cursor }: DueTimesPage) => cursor,
  heard: (event: ServerEvent, page: DueTimesPage): DueTimesPage | 'again' => (event.is === 'jobs' ? 'again' : page),
};

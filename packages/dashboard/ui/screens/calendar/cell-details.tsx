import type { JSX } from 'preact';
import type { CalendarDay, DefinitionRef, DueTimeRow, DueTimesPage } from '../../../src/api.ts';
import { address } from '../../data/ask.ts';
import { usePages } from '../../data/pages.ts';
import { Dialog } from '../../parts/dialog.tsx';
import { More } from '../../parts/more.tsx';
import { Failure, Wait } from '../../parts/screen.tsx';
import { visible } from '../../words/safe-text.ts';
import { dayName } from './days.ts';
import { DueRows } from './due-rows.tsx';
import { RunMissed } from './missed.tsx';

interface DetailsProps {
  readonly definition: DefinitionRef;
  readonly day: CalendarDay;
  close(): void;
}

/** One cell opened: each due time of the day, and what can be made up for. */
export function CellDetails({ definition, day, close }: DetailsProps): JSX.Element {
  const page = usePages<DueTimesPage, DueTimeRow>(address('/api/calendar/due', { from: day.from, to: day.to, definition: definition.key }), SHAPE);
  const isMissed = page.rows.some(({ outcome }) => outcome === 'misfire' || outcome === 'undecided');
  return (
    <Dialog label={`${visible(definition.name)}, ${dayName(day.date)}`} class="cell-details" onClose={close}>
      <div class="dialog-body">
        <div>
          <h2>{visible(definition.name)}</h2>
          <p class="quiet">{dayName(day.date)}{day.clockChange !== null && `; ${day.clockChange}`}</p>
        </div>
        {page.error !== undefined && <Failure error={page.error} />}
        {page.data === undefined ? page.error === undefined && <Wait /> : page.rows.length === 0 ? <p class="quiet">Nothing is due on this day.</p> : <DueRows due={page.rows} showsDefinition={false} />}
        <More more={page.more} isLoading={page.isLoading} words="Show later ones" />
      </div>
      <div class="dialog-foot">
        {isMissed && <RunMissed definition={definition} from={day.from} to={day.to} />}
        <button type="button" class="button" autofocus onClick={close}>Close</button>
      </div>
    </Dialog>
  );
}

const SHAPE = {
  rowsOf: ({ due }: DueTimesPage) => due,
  cursorOf: ({ cursor }: DueTimesPage) => cursor,
};

import type { JSX } from 'preact';
import { useSignal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import type { CalendarCell, CalendarDay, CalendarRow } from '../../../src/api.ts';
import { keyPath } from '../../data/ask.ts';
import { cellWords, FAILED, OUTCOMES, worstOf } from '../../words/outcomes.ts';
import { visible } from '../../words/safe-text.ts';
import { CellDetails } from './cell-details.tsx';
import { dayName, weekday } from './days.ts';

interface GridProps {
  readonly days: readonly CalendarDay[];
  readonly rows: readonly CalendarRow[];
  readonly today: string;
}

/** One row per definition, one column per day. Arrow keys go from cell to cell, Enter opens one. */
export function Grid({ days, rows, today }: GridProps): JSX.Element {
  const at = useSignal<readonly [row: number, day: number]>([0, Math.max(0, days.findIndex(({ date }) => date === today))]);
  const opened = useSignal<{ readonly row: CalendarRow; readonly day: CalendarDay } | undefined>(undefined);
  const table = useRef<HTMLTableElement>(null);
  useEffect(() => {
    // On a narrow screen the month does not fit: begin where it matters.
    const head = table.current?.querySelector<HTMLElement>('th.today');
    const box = table.current?.parentElement;
    if (head !== null && head !== undefined && box !== null && box !== undefined) box.scrollLeft = head.offsetLeft - box.clientWidth + 70;
  }, [days[0]?.date]);
  const moved = (event: KeyboardEvent): void => {
    const next = target(event.key, at.value, rows.length, days.length);
    if (next === undefined) return;
    event.preventDefault();
    at.value = next;
    table.current?.querySelector<HTMLElement>(`[data-cell="${next.join()}"]`)?.focus();
  };
  return (
    <>
      <div class="grid-scroll">
        <table ref={table} class="grid" role="grid" aria-label="Expected against actual, by definition and day" onKeyDown={moved}>
          <thead>
            <tr>
              <th scope="col" class="grid-name">Definition</th>
              {days.map((day) => <DayHead key={day.date} day={day} isToday={day.date === today} />)}
            </tr>
          </thead>
          <tbody>
            {rows.map((row, index) => (
              <tr key={row.definition.key}>
                <th scope="row" class="grid-name">
                  <span>
                    <a class="title-link one-line" href={`/jobs/${keyPath(row.definition)}`} title={visible(row.definition.name)}>{visible(row.definition.name)}</a>
                    {!row.enabled && <small class="quiet">disabled</small>}
                  </span>
                </th>
                {row.cells.map((cell, day) => (
                  <Cell
                    key={day} cell={cell} place={`${index},${day}`} isCurrent={at.value[0] === index && at.value[1] === day} isToday={days[day]?.date === today}
                    words={`${visible(row.definition.name)}, ${dayName(days[day]?.date ?? today)}: ${cellWords(cell)}`}
                    open={() => {
                      at.value = [index, day];
                      opened.value = { row, day: days[day] as CalendarDay };
                    }}
                  />
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {opened.value !== undefined && <CellDetails definition={opened.value.row.definition} day={opened.value.day} close={() => (opened.value = undefined)} />}
    </>
  );
}

function target(key: string, [row, day]: readonly [number, number], rows: number, days: number): readonly [number, number] | undefined {
  const within = (wanted: number, count: number): number => Math.min(count - 1, Math.max(0, wanted));
  switch (key) {
    case 'ArrowUp': return [within(row - 1, rows), day];
    case 'ArrowDown': return [within(row + 1, rows), day];
    case 'ArrowLeft': return [row, within(day - 1, days)];
    case 'ArrowRight': return [row, within(day + 1, days)];
    case 'Home': return [row, 0];
    case 'End': return [row, days - 1];
    default: return undefined;
  }
}

function DayHead({ day: { date, clockChange }, isToday }: { readonly day: CalendarDay; readonly isToday: boolean }): JSX.Element {
  const name = weekday(date);
  return (
    <th scope="col" class={`${isToday ? 'today' : ''}${name === 'Sunday' || name === 'Saturday' ? ' weekend' : ''}`} title={clockChange ?? dayName(date)}>
      <span class="unseen">{dayName(date)}{clockChange !== null && `, ${clockChange}`}</span>
      <span aria-hidden="true"><span class="grid-weekday">{name.slice(0, 1)}</span>{Number(date.slice(8))}{clockChange !== null && <span class="toned tone-magenta">±</span>}</span>
    </th>
  );
}

interface CellProps {
  readonly cell: CalendarCell;
  readonly place: string;
  readonly words: string;
  readonly isCurrent: boolean;
  readonly isToday: boolean;
  open(): void;
}

function Cell({ cell, place, words, isCurrent, isToday, open }: CellProps): JSX.Element {
  const worst = worstOf(cell);
  const all = Object.values(cell.outcomes).reduce((sum, count) => sum + count, 0);
  const [symbol, tone] = worst === undefined ? [' ', 'grey'] : cell.failed > 0 && worst !== 'misfire' ? FAILED : OUTCOMES[worst].look;
  const isCalm = worst === 'due' || worst === undefined;
  return (
    <td role="gridcell" class={isToday ? 'today' : ''}>
      <button type="button" data-cell={place} class={`cell tone-${tone}${isCalm ? ' calm' : ''}`} tabIndex={isCurrent ? 0 : -1} title={words} aria-label={words} onClick={open}>
        <span aria-hidden="true">{symbol}</span>
        {all > 1 && <span class="cell-count" aria-hidden="true">{all > 999 ? '999+' : all}</span>}
        {cell.moved > 0 && <span class="cell-moved" aria-hidden="true">±</span>}
      </button>
    </td>
  );
}

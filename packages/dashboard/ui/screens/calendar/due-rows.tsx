import type { JSX } from 'preact';
import type { DueTimeRow } from '../../../src/api.ts';
import { now } from '../../clock.ts';
import { keyPath } from '../../data/ask.ts';
import { Badge, StateBadge } from '../../parts/badge.tsx';
import { Command } from '../../parts/command.tsx';
import { lookOfOutcome } from '../../words/outcomes.ts';
import { visible } from '../../words/safe-text.ts';
import { clockText, counted, durationText, fullText, whenText } from '../../words/times.ts';

interface RowsProps {
  readonly due: readonly DueTimeRow[];
  /** Of one definition the name is no news. */
  readonly showsDefinition: boolean;
  readonly showsDay?: boolean;
}

/** Due times one by one, each with what became of it and why. */
export function DueRows({ due, showsDefinition, showsDay = false }: RowsProps): JSX.Element {
  return (
    <ol class="due-rows">
      {due.map((row) => <Row key={`${row.definition.key} ${row.triggerId} ${row.dueAt} ${row.outcome}`} row={row} showsDefinition={showsDefinition} showsDay={showsDay} />)}
    </ol>
  );
}

function Row({ row, showsDefinition, showsDay }: { readonly row: DueTimeRow; readonly showsDefinition: boolean; readonly showsDay: boolean }): JSX.Element {
  const { word, look } = lookOfOutcome(row.outcome);
  const [at, last] = [Date.parse(row.dueAt), Date.parse(row.lastDueAt)];
  const text = (instant: number): string => (showsDay ? whenText(instant, now.value) : clockText(instant));
  return (
    <li>
      <time class="number due-time" dateTime={row.dueAt} title={fullText(at)}>{text(at)}{row.count > 1 && ` to ${text(last)}`}</time>
      <div class="due-what">
        <p>
          {showsDefinition && <><a class="title-link" href={`/jobs/${keyPath(row.definition)}`}>{visible(row.definition.name)}</a> </>}
          <Badge look={look} word={word} />
          {row.count > 1 && <span class="quiet small"> {counted(row.count, 'due time')}</span>}
          {row.job !== null && <a class="small job-link" href={`/runs/${row.job.id}`}>job {row.job.id} <StateBadge state={row.job.state} /></a>}
          {row.lateMs !== null && row.lateMs >= 1_000 && <span class="small quiet"> {durationText(row.lateMs)} late</span>}
        </p>
        {row.reason !== '' && <p class="small quiet">{visible(row.reason)}</p>}
        {row.moved !== null && <p class="small toned tone-magenta">± {visible(row.moved)}</p>}
        {row.command !== undefined && <Command line={row.command} />}
      </div>
    </li>
  );
}

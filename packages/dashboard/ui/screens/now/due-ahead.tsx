import type { JSX } from 'preact';
import type { DueAhead as Ahead } from '../../../src/api.ts';
import { keyPath } from '../../data/ask.ts';
import { clockText, counted, whenText } from '../../words/times.ts';
import { now } from '../../clock.ts';

const [WIDTH, HEIGHT, BASE] = [960, 56, 40];
const LISTED = 6;

/** The next 24 h on one line: a bar for each quarter of an hour in which something is due. */
export function DueAhead({ due }: { readonly due: Ahead }): JSX.Element {
  const all = due.perQuarter.reduce((sum, count) => sum + count, 0);
  const from = Date.parse(due.from);
  const coming = due.first.filter(({ startsAt }) => Date.parse(startsAt) > now.value);
  return (
    <section class="card" aria-labelledby="due-ahead">
      <header>
        <h2 id="due-ahead">Next 24 h</h2>
        <span class="count">{all === 0 ? 'nothing is due' : counted(all, 'due time')}</span>
        <a class="small" href="/calendar">Calendar</a>
      </header>
      <div class="due-line">
        <svg viewBox={`0 0 ${WIDTH} ${HEIGHT}`} preserveAspectRatio="none" role="img" aria-label={lineWords(due, all)}>
          <path class="due-base" d={`M0 ${BASE + 0.5}H${WIDTH}`} />
          {due.perQuarter.map((count, at) => count > 0 && <Bar key={at} count={count} at={at} from={from} pieces={due.perQuarter.length} most={Math.max(...due.perQuarter)} />)}
        </svg>
        <ol class="due-hours small quiet number" aria-hidden="true">
          {Array.from({ length: 9 }, (_, at) => <li key={at}>{at === 0 ? 'now' : clockText(from + at * 3 * 3_600_000)}</li>)}
        </ol>
      </div>
      {coming.length > 0 && (
        <ul class="due-list small">
          {coming.slice(0, LISTED).map((one) => (
            <li key={`${one.definition.key} ${one.triggerId} ${one.dueAt}`}>
              <time class="number quiet" dateTime={one.startsAt}>{whenText(Date.parse(one.startsAt), now.value)}</time> <a class="title-link" href={`/jobs/${keyPath(one.definition)}`}>{one.definition.name}</a>
            </li>
          ))}
          {all > LISTED && <li class="quiet">and {counted(all - Math.min(LISTED, coming.length), 'more', 'more')}</li>}
        </ul>
      )}
    </section>
  );
}

interface BarProps {
  readonly count: number;
  readonly at: number;
  readonly from: number;
  readonly pieces: number;
  readonly most: number;
}

/** By the logarithm: one is to be seen beside a thousand. */
function Bar({ count, at, from, pieces, most }: BarProps): JSX.Element {
  const width = WIDTH / pieces;
  const height = 8 + (BASE - 10) * (most === 1 ? 0.4 : Math.log1p(count) / Math.log1p(most));
  const begin = from + at * 900_000;
  return (
    <rect class="due-bar" x={at * width + 1} y={BASE - height} width={width - 2} height={height} rx={2}>
      <title>{`${clockText(begin)} to ${clockText(begin + 900_000)}: ${counted(count, 'due time')}`}</title>
    </rect>
  );
}

function lineWords({ perQuarter, from }: Ahead, all: number): string {
  if (all === 0) return 'nothing is due in the next 24 hours';
  const most = Math.max(...perQuarter);
  const busiest = Date.parse(from) + perQuarter.indexOf(most) * 900_000;
  return `${counted(all, 'due time')} in the next 24 hours; most, ${most}, in the quarter of an hour from ${clockText(busiest)}`;
}

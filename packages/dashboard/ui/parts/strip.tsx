import type { JSX } from 'preact';
import type { Result } from '../../src/api.ts';
import { lookOfState } from '../words/states.ts';
import { counted, durationText, fullText } from '../words/times.ts';

const PLACES = 20;
const [WIDTH, GAP, HEIGHT] = [5, 2, 20];

/**
 * The last results, oldest first, newest at the right. Told by height and form as by colour: a Completed run fills a low bar,
 * a Failed one a high bar with a cap above it, a Stopped one is cut short, one that has not ended is hollow.
 */
export function Strip({ results }: { readonly results: readonly Result[] }): JSX.Element {
  const shown = results.slice(-PLACES);
  const offset = PLACES - shown.length;
  return (
    <span class="strip">
      <svg role="img" aria-label={wordsOf(shown)} width={PLACES * (WIDTH + GAP) - GAP} height={HEIGHT} viewBox={`0 0 ${PLACES * (WIDTH + GAP) - GAP} ${HEIGHT}`}>
        {Array.from({ length: offset }, (_, at) => <rect key={at} class="strip-none" x={at * (WIDTH + GAP)} y={HEIGHT - 2} width={WIDTH} height={2} rx={1} />)}
        {shown.map((result, at) => <Mark key={result.id} result={result} x={(offset + at) * (WIDTH + GAP)} />)}
      </svg>
    </span>
  );
}

function Mark({ result, x }: { readonly result: Result; readonly x: number }): JSX.Element {
  const [, tone] = lookOfState(result.state);
  const title = <title>{titleOf(result)}</title>;
  if (result.state === 'Completed') return <rect class={`tone-${tone}`} x={x} y={8} width={WIDTH} height={12} rx={1.5}>{title}</rect>;
  if (result.state === 'Failed') return <path class={`tone-${tone}`} d={`M${x} 0h${WIDTH}v3h${-WIDTH}zM${x} 5h${WIDTH}v15h${-WIDTH}z`}>{title}</path>;
  if (result.state === 'Stopped') return <rect class={`tone-${tone}`} x={x} y={14} width={WIDTH} height={6} rx={1.5}>{title}</rect>;
  return <rect class={`hollow tone-${tone}`} x={x + 0.75} y={8.75} width={WIDTH - 1.5} height={10.5} rx={1.5}>{title}</rect>;
}

function titleOf({ id, state, reason, endTime, durationMs }: Result): string {
  return `${id}: ${state}${reason === null || reason === 'exit' ? '' : ` (${reason})`}, ${fullText(Date.parse(endTime))}${durationMs === null ? '' : `, took ${durationText(durationMs)}`}`;
}

function wordsOf(results: readonly Result[]): string {
  const newest = results.at(-1);
  if (newest === undefined) return 'no runs yet';
  const counts = [...Map.groupBy(results, ({ state }) => state)].map(([state, some]) => `${some.length} ${state}`);
  return `last ${counted(results.length, 'run')}: ${counts.join(', ')}; newest ${newest.state}`;
}

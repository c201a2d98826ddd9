import type { JSX } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import type { JobRow } from '../../src/api.ts';
import { theme } from '../theme.ts';
import { durationOf } from '../words/jobs.ts';
import { counted, durationText } from '../words/times.ts';

/** How long the last runs took, oldest first. The drawing is loaded only where one is shown; the sentence says the same. */
export function Chart({ jobs }: { readonly jobs: readonly JobRow[] }): JSX.Element | null {
  const box = useRef<HTMLDivElement>(null);
  const [fails, setFails] = useState(false);
  const points = jobs.flatMap((job) => {
    const duration = durationOf(job);
    return duration === undefined ? [] : [{ id: job.id, at: Date.parse(job.beginTime as string), duration, hasFailed: job.state === 'Failed' }];
  }).toReversed();
  const shown = points.map(({ id }) => id).join();
  const colours = theme.value;
  useEffect(() => {
    let end = (): void => {};
    let isOver = false;
    const draw = async (): Promise<void> => {
      if (box.current === null || points.length < 2) return;
      try {
        const { drawDurations } = await import('../chart/draw-durations.ts');
        if (!isOver && box.current !== null) end = drawDurations(box.current, points);
      } catch {
        // The file of the drawing did not come: the sentence below stays.
        setFails(true);
      }
    };
    void draw();
    return () => {
      isOver = true;
      end();
    };
  }, [shown, colours]);
  if (points.length < 2) return null;
  const durations = points.map(({ duration }) => duration);
  return (
    <section class="card" aria-labelledby="durations">
      <header>
        <h2 id="durations">Durations</h2>
        <span class="count">{counted(points.length, 'run')}</span>
      </header>
      <div class="chart" ref={box} aria-hidden="true" hidden={fails} />
      <p class="small quiet chart-words">from {durationText(Math.min(...durations))} to {durationText(Math.max(...durations))}; the last took {durationText(durations.at(-1) as number)}</p>
    </section>
  );
}

import type { JSX } from 'preact';
import type { Run } from '../../../src/api.ts';
import { now } from '../../clock.ts';
import { Command } from '../../parts/command.tsx';
import { originText } from '../../words/jobs.ts';
import { visible } from '../../words/safe-text.ts';
import { durationText, fullText } from '../../words/times.ts';

/** What the job object says, and the commands that show the same in a terminal. */
export function Facts({ run: { job, commands, usualMs } }: { readonly run: Run }): JSX.Element {
  const time = (at: string | null): string => (at === null ? '–' : fullText(Date.parse(at)));
  const rows: readonly (readonly [string, string])[] = [
    ['Origin', originText(job.origin, now.value)],
    ['Begin', time(job.beginTime)],
    ['End', time(job.endTime)],
    ['Usually takes', usualMs === null ? '–' : durationText(usualMs)],
    ['Exit code', job.exitCode === null ? '–' : String(job.exitCode)],
    ...(job.signal === null ? [] : [['Signal', job.signal] as const]),
    ['Reason', job.reason ?? '–'],
    ['Type', job.type],
    ['Location', job.location],
    ['Instance id', job.instanceId],
    ...(job.definition === null ? [] : [['Definition', job.definition.path] as const]),
  ];
  return (
    <section class="card" aria-labelledby="facts">
      <header><h2 id="facts">Facts</h2></header>
      <dl class="pairs small">
        {rows.map(([name, value]) => (
          <div key={name}>
            <dt class="quiet">{name}</dt>
            <dd class="number">{visible(value)}</dd>
          </div>
        ))}
      </dl>
      <div class="fact-commands">
        {job.command !== '' && <><h3>Command</h3><Command line={job.command} /></>}
        {commands.receive !== undefined && <><h3>In a terminal</h3><Command line={commands.receive} /></>}
      </div>
    </section>
  );
}

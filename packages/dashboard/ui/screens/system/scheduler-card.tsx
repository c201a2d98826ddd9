import type { JSX } from 'preact';
import type { System } from '../../../src/api.ts';
import { Badge } from '../../parts/badge.tsx';
import { Command } from '../../parts/command.tsx';
import { Moment } from '../../parts/moment.tsx';
import type { Look } from '../../words/states.ts';
import { durationText } from '../../words/times.ts';

const LOOKS: Readonly<Record<System['scheduler']['state'], Look>> = { ready: ['✓', 'green'], starting: ['○', 'yellow'], stopped: ['✗', 'red'] };

/** Its heart, and by how much it is late. */
export function Scheduler({ scheduler: one }: { readonly scheduler: System['scheduler'] }): JSX.Element {
  return (
    <section class="card" aria-labelledby="scheduler">
      <header><h2 id="scheduler">Scheduler</h2><Badge look={LOOKS[one.state]} word={one.state} /></header>
      <div class="card-body column">
        <dl class="facts">
          <div><dt>Heartbeat</dt><dd>{one.heartbeatAt === null ? 'never' : <Moment at={one.heartbeatAt} />}</dd></div>
          <div><dt>Late by</dt><dd class="number">{durationText(one.lagMs)}</dd></div>
          <div><dt>Next due time</dt><dd>{one.nextDueAt === null ? 'none' : <Moment at={one.nextDueAt} form="both" />}</dd></div>
          <div><dt>Definitions, triggers</dt><dd class="number">{one.definitions.toLocaleString('en')}, {one.triggers.toLocaleString('en')}</dd></div>
          <div><dt>Running jobs</dt><dd class="number">{one.runningJobs}</dd></div>
          {one.waiting > 0 && <div><dt>Wait for an idle machine</dt><dd class="number">{one.waiting}</dd></div>}
          {(one.telling.waiting > 0 || one.telling.failed > 0) && <div><dt>Hooks</dt><dd class="number">{one.telling.waiting} to tell, {one.telling.failed} failed</dd></div>}
          <div><dt>Process</dt><dd class="number">{one.pid === null ? 'none' : <>{one.pid}{one.since !== null && <>, since <Moment at={one.since} form="clock" /></>}</>}</dd></div>
        </dl>
        {one.state === 'stopped' && <><p class="small">Nothing that is due will start until a scheduler runs:</p><Command line="nightshift scheduler run" /></>}
      </div>
    </section>
  );
}

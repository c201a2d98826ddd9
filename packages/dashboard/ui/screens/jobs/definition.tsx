import type { JSX } from 'preact';
import type { DefinitionDetails, ServerEvent } from '../../../src/api.ts';
import { useAnswer } from '../../data/answer.ts';
import { keyPath } from '../../data/ask.ts';
import { Badge } from '../../parts/badge.tsx';
import { Chart } from '../../parts/durations-chart.tsx';
import { Command } from '../../parts/command.tsx';
import { Enable, StartDefinition } from '../../parts/job-acts.tsx';
import { JobRows } from '../../parts/job-rows.tsx';
import { Moment } from '../../parts/moment.tsx';
import { Failure, Screen, Wait } from '../../parts/screen.tsx';
import { Strip } from '../../parts/strip.tsx';
import { Missed } from '../calendar/missed.tsx';
import { visible } from '../../words/safe-text.ts';
import { durationText } from '../../words/times.ts';
import { Fault } from './definition-rows.tsx';

/** One definition: what it is, when it is due, how it went. */
export function DefinitionScreen({ namespace, name }: { readonly namespace: string; readonly name: string }): JSX.Element {
  const key = `${namespace}/${name.toLowerCase()}`;
  const { data, error, again } = useAnswer<DefinitionDetails>(`/api/definitions/${keyPath({ namespace, name })}`, { heard: (event, answer) => heard(event, answer, key) });
  if (data === undefined) return <Screen title={name}>{error === undefined ? <Wait /> : <Failure error={error} />}</Screen>;
  const isBroken = data.errors.length > 0;
  return (
    <Screen title={data.name} above={<a href="/jobs">Jobs</a>} below={visible(data.description)} beside={isBroken ? undefined : <Buttons definition={data} changed={again} />}>
      {error !== undefined && <Failure error={error} />}
      {isBroken && <section class="card card-body">{data.errors.map((fault) => <Fault key={fault.code + fault.message} error={fault} shown={data.shown} />)}</section>}
      {data.warnings.map((fault) => <Fault key={fault.code + fault.message} error={fault} shown={data.shown} />)}
      <Facts definition={data} />
      <div class="two-columns">
        <section class="card" aria-labelledby="runs">
          <header><h2 id="runs">Runs</h2><a class="small" href={`/runs?definition=${encodeURIComponent(data.key)}`}>all runs</a></header>
          {data.jobs.length === 0 ? <div class="empty"><p>It has not run yet.</p></div> : <JobRows jobs={data.jobs} label={`Runs of ${visible(data.name)}`} isOfOne />}
        </section>
        <div class="column">
          <Chart jobs={data.jobs} />
          <Due definition={data} />
          <Missed definition={data} />
          <Options options={data.options} />
        </div>
      </div>
    </Screen>
  );
}

function heard(event: ServerEvent, answer: DefinitionDetails, key: string): DefinitionDetails | 'again' {
  if (event.is === 'definitions') return event.more || event.keys.includes(key) ? 'again' : answer;
  if (event.is === 'jobs') return event.more || event.jobs.some(({ definitionKey }) => definitionKey === key) ? 'again' : answer;
  return answer;
}

function Buttons({ definition, changed }: { readonly definition: DefinitionDetails; changed(): void }): JSX.Element {
  const { commands, enabled } = definition;
  return (
    <>
      <StartDefinition definition={definition} command={commands.start} done={changed} />
      {definition.triggers.length > 0 && <Enable definition={definition} enabled={enabled} command={enabled ? commands.disable : commands.enable} done={changed} />}
    </>
  );
}

function Facts({ definition: one }: { readonly definition: DefinitionDetails }): JSX.Element {
  return (
    <section class="card card-body column" aria-label="Facts">
      <dl class="facts">
        <div><dt>File</dt><dd class="mono" title={visible(one.file)}>{visible(one.shown)}:{one.line}</dd></div>
        <div><dt>Last 20</dt><dd><Strip results={one.results} /></dd></div>
        <div><dt>Next</dt><dd>{one.nextDueAt === null ? 'never' : <Moment at={one.nextDueAt} form="both" />}</dd></div>
        <div><dt>Usual duration</dt><dd>{one.usualMs === null ? 'not known yet' : durationText(one.usualMs)}</dd></div>
        <div><dt>Type</dt><dd>{one.type ?? 'not known'}</dd></div>
        <div>
          <dt>Triggers</dt>
          {one.triggers.length === 0 && <dd>none: on demand</dd>}
          {one.triggers.map((trigger) => <dd key={trigger.id}>{trigger.id}: {visible(trigger.words)} {!trigger.enabled && <Badge look={['–', 'grey']} word="disabled" />}</dd>)}
        </div>
      </dl>
      {one.command !== null && <Command line={one.command} />}
    </section>
  );
}

function Due({ definition: { due } }: { readonly definition: DefinitionDetails }): JSX.Element | null {
  if (due.length === 0) return null;
  return (
    <section class="card" aria-labelledby="due">
      <header><h2 id="due">Next due times</h2></header>
      <ul class="plain-list small">
        {due.slice(0, 8).map(({ dueAt, startsAt, triggerId }) => (
          <li key={`${triggerId} ${dueAt}`}>
            <Moment at={dueAt} form="both" />
            {startsAt !== dueAt && <span class="quiet"> · starts <Moment at={startsAt} form="clock" /></span>}
          </li>
        ))}
      </ul>
    </section>
  );
}

function Options({ options }: { readonly options: DefinitionDetails['options'] }): JSX.Element | null {
  const entries = Object.entries(options).filter(([, value]) => value !== null && value !== undefined);
  if (entries.length === 0) return null;
  return (
    <details class="card">
      <summary>Options</summary>
      <dl class="pairs small">
        {entries.map(([name, value]) => (
          <div key={name}>
            <dt class="quiet">{visible(name)}</dt>
            <dd class="mono">{visible(typeof value === 'string' ? value : JSON.stringify(value))}</dd>
          </div>
        ))}
      </dl>
    </details>
  );
}

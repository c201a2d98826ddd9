import type { JSX } from 'preact';
import type { DefinitionRow, ErrorFacts } from '../../../src/api.ts';
import { keyPath } from '../../data/ask.ts';
import { Badge } from '../../parts/badge.tsx';
import { Enable, StartDefinition } from '../../parts/job-acts.tsx';
import { Moment } from '../../parts/moment.tsx';
import { Strip } from '../../parts/strip.tsx';
import { visible } from '../../words/safe-text.ts';
import { durationText } from '../../words/times.ts';

interface RowsProps {
  readonly definitions: readonly DefinitionRow[];
  readonly showsFolder: boolean;
  changed(): void;
}

/** One definition a row: its last 20 results, its next due time, how long it usually takes, and where it is written. */
export function DefinitionRows({ definitions, showsFolder, changed }: RowsProps): JSX.Element {
  return (
    <table class="rows definition-rows" aria-label="Definitions">
      <thead>
        <tr>
          <th scope="col">Definition</th>
          <th scope="col">Last 20 and usual duration</th>
          <th scope="col">Next</th>
          <th scope="col"><span class="unseen">What can be done</span></th>
        </tr>
      </thead>
      <tbody>
        {definitions.map((one) => (one.errors.length > 0 ? <Broken key={one.file + one.key} definition={one} /> : <Row key={one.key} definition={one} showsFolder={showsFolder} changed={changed} />))}
      </tbody>
    </table>
  );
}

function Row({ definition: one, showsFolder, changed }: { readonly definition: DefinitionRow; readonly showsFolder: boolean; changed(): void }): JSX.Element {
  return (
    <tr>
      <td class="wide-cell">
        <p class="definition-name">
          <a class="title-link one-line" href={`/jobs/${keyPath(one)}`}>{visible(one.name)}</a>
          {!one.enabled && <Badge look={['–', 'grey']} word="disabled" />}
          {one.running > 0 && <Badge look={['●', 'cyan']} word={one.running === 1 ? 'Running' : `${one.running} Running`} />}
          {one.warnings.length > 0 && <span class="toned tone-yellow small" title={one.warnings.map(({ message }) => visible(message)).join('\n')}>! {one.warnings.length === 1 ? 'warning' : `${one.warnings.length} warnings`}</span>}
        </p>
        <p class="small quiet one-line" title={visible(one.description)}>{visible(one.description === '' ? (one.command ?? '') : one.description)}</p>
        <p class="small quiet one-line mono file-line" title={visible(one.file)}>{visible(showsFolder ? one.shown : one.shown.slice(one.shown.lastIndexOf('/') + 1))}:{one.line}</p>
      </td>
      <td class="tight strip-cell">
        <Strip results={one.results} />
        {one.usualMs !== null && <p class="small quiet number">usually {durationText(one.usualMs)}</p>}
      </td>
      <td class="tight small next-cell">
        {one.nextDueAt === null ? <span class="quiet">{one.triggers.length === 0 ? 'on demand' : 'never'}</span> : <><p><Moment at={one.nextDueAt} form="clock" /></p><p class="quiet"><Moment at={one.nextDueAt} /></p></>}
      </td>
      <td class="tight right act-cell">
        <span class="buttons">
          <StartDefinition definition={one} done={changed} />
          {one.triggers.length > 0 && <Enable definition={one} enabled={one.enabled} done={changed} />}
        </span>
      </td>
    </tr>
  );
}

function Broken({ definition: one }: { readonly definition: DefinitionRow }): JSX.Element {
  return (
    <tr class="broken">
      <td colSpan={4}>
        <p class="definition-name"><a class="title-link one-line" href={`/jobs/${keyPath(one)}`}>{visible(one.name)}</a> <Badge look={['✗', 'red']} word="broken" /></p>
        {one.errors.map((error) => <Fault key={error.code + error.message} error={error} shown={one.shown} />)}
      </td>
    </tr>
  );
}

/** A mistake as the command line tells it: the code and the sentence, the place, the line with its caret, and what to do. */
export function Fault({ error, shown }: { readonly error: ErrorFacts; readonly shown: string }): JSX.Element {
  const at = [shown, error.line, error.column].filter((part) => part !== undefined).join(':');
  return (
    <div class="fault small">
      <p><span class="toned tone-red">{visible(error.code)}:</span> {visible(error.message)} <span class="mono quiet">({visible(at)})</span></p>
      {error.excerpt !== undefined && <pre tabIndex={0}>{visible(error.excerpt)}</pre>}
      {error.hint !== undefined && <p class="quiet">hint: {visible(error.hint)}</p>}
    </div>
  );
}

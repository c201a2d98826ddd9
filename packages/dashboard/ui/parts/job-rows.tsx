import type { JSX } from 'preact';
import type { JobRow } from '../../src/api.ts';
import { durationOf, endText, originText } from '../words/jobs.ts';
import { visible } from '../words/safe-text.ts';
import { durationText } from '../words/times.ts';
import { now } from '../clock.ts';
import { StateBadge } from './badge.tsx';
import { Elapsed, Moment } from './moment.tsx';

interface RowsProps {
  readonly jobs: readonly JobRow[];
  readonly label: string;
  /** All are of one definition, whose name is no news. */
  readonly isOfOne?: boolean;
}

/** Jobs as get-job lists them: one row each, the newest first. On a narrow screen a row becomes two lines. */
export function JobRows({ jobs, label, isOfOne = false }: RowsProps): JSX.Element {
  return (
    <table class={`rows job-rows${isOfOne ? ' of-one' : ''}`} aria-label={label}>
      <thead>
        <tr>
          <th scope="col">Job</th>
          <th scope="col">State</th>
          <th scope="col">What it said</th>
          <th scope="col">Origin</th>
          <th scope="col" class="right">Ran</th>
          <th scope="col" class="right">Ended</th>
        </tr>
      </thead>
      <tbody>
        {jobs.map((job) => <Row key={job.instanceId} job={job} isOfOne={isOfOne} />)}
      </tbody>
    </table>
  );
}

function Row({ job, isOfOne }: { readonly job: JobRow; readonly isOfOne: boolean }): JSX.Element {
  const duration = durationOf(job);
  const end = endText(job);
  return (
    <tr>
      <td class="name-cell">
        {isOfOne ? <a class="title-link number" href={`/runs/${job.id}`}>{job.id}</a> : <p><a class="title-link one-line" href={`/runs/${job.id}`} title={visible(job.name)}>{visible(job.name)}</a> <span class="quiet small number">{job.id}</span></p>}
      </td>
      <td class="tight"><StateBadge state={job.state} /></td>
      <td class="message-cell small"><p class="one-line" title={visible(job.message)}>{end !== '' && <span class="toned-end">{end}{job.message !== '' && ' · '}</span>}<span class="quiet">{visible(job.message)}</span></p></td>
      <td class="tight origin-cell small quiet">{originText(job.origin, now.value)}</td>
      <td class="tight right small">{duration !== undefined ? <span class="number">{durationText(duration)}</span> : job.beginTime !== null ? <Elapsed since={job.beginTime} /> : '–'}</td>
      <td class="tight right small quiet">{job.endTime === null ? '–' : <Moment at={job.endTime} />}</td>
    </tr>
  );
}

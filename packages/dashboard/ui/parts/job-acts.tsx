import type { JSX } from 'preact';
import type { DefinitionRef, Job } from '../../src/api.ts';
import { keyPath } from '../data/ask.ts';
import { write } from '../data/writes.tsx';
import { counted } from '../words/times.ts';
import { Act } from './act.tsx';

type Named = Pick<Job, 'id' | 'name'>;

export function StopJob({ job, done, command = `stop-job ${job.id}` }: { readonly job: Named; readonly command?: string | undefined; done?(): void }): JSX.Element {
  return (
    <Act
      label="Stop" icon="stop" danger subject={`${job.name} (${job.id})`} command={command}
      says="It is asked to end, and after its grace period its whole process tree is ended."
      run={async () => {
        await stopJob(job);
        done?.();
      }}
    />
  );
}

export function stopJob({ id, name }: Named): Promise<unknown> {
  return write(`/api/jobs/${id}/stop`, () => ({ text: `${name} (${id}) was asked to stop`, href: `/runs/${id}` }));
}

export function StartAgain({ job, command, done }: { readonly job: Named; readonly command?: string | undefined; done?(): void }): JSX.Element {
  return (
    <Act
      label="Start again" icon="start" subject={`${job.name} (${job.id})`} command={command}
      says="A new job is made; this one stays as it is."
      run={async () => {
        await write(`/api/jobs/${job.id}/start-again`, startedWords(job.name));
        done?.();
      }}
    />
  );
}

export function StartDefinition({ definition, command, done }: { readonly definition: DefinitionRef; readonly command?: string | undefined; done?(): void }): JSX.Element {
  return (
    <Act
      label="Start" icon="start" subject={definition.name} command={command ?? `start-job --definition-name ${definition.name} --type ScheduledJob`}
      says="It starts now, as its trigger would start it."
      run={async () => {
        await startDefinition(definition);
        done?.();
      }}
    />
  );
}

export function startDefinition(definition: DefinitionRef): Promise<unknown> {
  return write(`/api/definitions/${keyPath(definition)}/start`, startedWords(definition.name));
}

interface EnableProps {
  readonly definition: DefinitionRef;
  readonly enabled: boolean;
  readonly command?: string | undefined;
  done?(): void;
}

export function Enable({ definition, enabled, command, done }: EnableProps): JSX.Element {
  const verb = enabled ? 'disable' : 'enable';
  return (
    <Act
      label={enabled ? 'Disable' : 'Enable'} subject={definition.name} command={command ?? `${verb}-scheduled-job ${definition.name}`}
      says={enabled ? 'Its triggers start nothing until it is enabled again; what runs goes on. The line is written into its file.' : 'Its triggers start it again from now on. The line is written into its file.'}
      run={async () => {
        await write(`/api/definitions/${keyPath(definition)}/${verb}`, () => ({ text: `${definition.name} is ${verb}d` }));
        done?.();
      }}
    />
  );
}

export function startedWords(name: string): (written: { readonly jobs: readonly Job[] }) => { readonly text: string; readonly href?: string } {
  return ({ jobs: [job, ...others] }) => {
    if (job === undefined) return { text: `${name} will start` };
    return { text: others.length === 0 ? `${name} is started as ${job.id}` : `${counted(others.length + 1, 'job')} of ${name} started`, href: `/runs/${job.id}` };
  };
}

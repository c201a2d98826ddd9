/** What register writes into a file and set changes in one, as the same values. */
import { relative } from 'node:path';
import { writeInstant } from '@nightshift/scheduler';
import type { Edit } from '@nightshift/definitions';
import type { TriggerEntry } from './trigger-entry.ts';

/** What a definition runs: exactly one of three. */
export type Body = { readonly command: readonly string[] } | { readonly scriptBlock: string } | { readonly filePath: string };

/** Values of a definition that were checked one by one; what is not given is as it was. Paths are absolute. */
export interface DefinitionValues {
  readonly body?: Body;
  readonly argumentList?: readonly (string | number | boolean)[];
  readonly shell?: string;
  readonly runtime?: string;
  /** Empty: none. */
  readonly initializationScript?: string;
  readonly workingDirectory?: string;
  readonly environment?: Readonly<Record<string, string>>;
  readonly authentication?: string;
  readonly credential?: string;
  readonly description?: string;
  readonly timeZone?: string;
  readonly maxResultCount?: number;
  /** In place of all that there are. */
  readonly triggers?: readonly TriggerEntry[];
  /** In place of all that there are. */
  readonly options?: Readonly<Record<string, unknown>>;
}

const BODIES = ['command', 'scriptBlock', 'filePath'] as const;

/** The whole text of a new file as a value, in the order in which our examples have it; `folder` is the one of the file. */
export function newDefinition(values: DefinitionValues, folder: string): object {
  const { description, timeZone, triggers = [], options = {}, maxResultCount } = values;
  return {
    type: 'ScheduledJob',
    description: filled(description),
    timeZone,
    job: jobOf(values, folder),
    triggers: triggers.length === 0 ? undefined : triggers,
    options: Object.keys(options).length === 0 ? undefined : options,
    maxResultCount,
  };
}

function jobOf({ body, argumentList = [], shell, runtime, initializationScript, workingDirectory, environment = {}, authentication, credential }: DefinitionValues, folder: string): Record<string, unknown> {
  return {
    ...(body === undefined ? {} : bodyIn(body, folder)),
    shell,
    runtime,
    argumentList: argumentList.length === 0 ? undefined : argumentList,
    initializationScript: filled(initializationScript),
    workingDirectory: workingDirectory === undefined ? undefined : fromFolder(folder, workingDirectory),
    environment: Object.keys(environment).length === 0 ? undefined : environment,
    authentication,
    credential,
  };
}

function filled(text: string | undefined): string | undefined {
  return text === '' ? undefined : text;
}

function bodyIn(body: Body, folder: string): Record<string, unknown> {
  return 'filePath' in body ? { filePath: fromFolder(folder, body.filePath) } : { ...body };
}

/** Paths in a file begin at its folder. */
function fromFolder(folder: string, path: string): string {
  return relative(folder, path).replaceAll('\\', '/') || '.';
}

/** The edits that give these values to a file that says `old`. */
export function editsOf(values: DefinitionValues, folder: string, old: Readonly<Record<string, unknown>>): readonly Edit[] {
  const given = (key: keyof DefinitionValues): boolean => values[key] !== undefined;
  const value = newDefinition(values, folder) as Readonly<Record<string, unknown>>;
  const top = (['description', 'timeZone', 'triggers', 'options', 'maxResultCount'] as const).filter(given).map((key) => ({ path: [key], value: value[key] }));
  return [...top, ...jobEdits(values, value['job'] as Record<string, unknown>, jobIn(old))];
}

function jobIn({ job }: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  return typeof job === 'object' && job !== null && !Array.isArray(job) ? (job as Record<string, unknown>) : {};
}

const OF_THE_JOB = ['argumentList', 'shell', 'runtime', 'initializationScript', 'workingDirectory', 'authentication', 'credential'] as const;

/** What comes new stands before what goes: nothing is empty on the way. */
function jobEdits(values: DefinitionValues, job: Readonly<Record<string, unknown>>, old: Readonly<Record<string, unknown>>): readonly Edit[] {
  const body = BODIES.filter((key) => job[key] !== undefined);
  const given = OF_THE_JOB.filter((key) => values[key] !== undefined);
  const variables = Object.entries(values.environment ?? {});
  const gone = body.length === 0 ? [] : [...BODIES.filter((key) => !body.includes(key)), ...outdated(body[0] as string, values, old)].filter((key) => Object.hasOwn(old, key));
  return [
    ...[...body, ...given].map((key) => ({ path: ['job', key], value: job[key] })),
    ...variables.map(([name, value]) => ({ path: ['job', 'environment', name], value })),
    ...gone.map((key) => ({ path: ['job', key], value: undefined })),
  ];
}

/** What was said of the old body and means nothing to the new one, unless it was said anew. */
function outdated(body: string, values: DefinitionValues, old: Readonly<Record<string, unknown>>): readonly string[] {
  const script = values.initializationScript ?? old['initializationScript'];
  const isShellNeeded = body === 'scriptBlock' || (body === 'command' && script !== undefined && script !== '');
  return [
    ...(values.argumentList === undefined ? ['argumentList'] : []),
    ...(values.shell === undefined && (!isShellNeeded || values.runtime !== undefined) ? ['shell'] : []),
    ...(values.runtime === undefined && (body === 'command' || values.shell !== undefined) ? ['runtime'] : []),
  ];
}

/** The trigger of `--run-every`: from now on, for ever. */
export function everySo(interval: string, now: Date, timeZone: string): TriggerEntry {
  return { once: { at: writeInstant(now, timeZone), repetitionInterval: interval, repeatIndefinitely: true } };
}

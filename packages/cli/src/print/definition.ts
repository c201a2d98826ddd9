import type { DefinitionView } from '@nightshift/host';
import type { Format } from './job.ts';
import { writeJson, writeJsonLines, writeText } from './json.ts';
import { lookOf } from './look.ts';
import { layOut, type Column } from './table.ts';
import { localTime } from './time.ts';
import { yaml } from './yaml.ts';

const COLUMNS: readonly Column<DefinitionView>[] = [
  ['Id', ({ id }) => String(id)],
  ['Name', ({ name }) => name, { givesWay: 2 }],
  // PowerShell shows their ids.
  ['Triggers', ({ triggers }) => triggers.map(({ id }) => id).join(', '), { givesWay: 3, least: 8 }],
  ['Command', ({ command }) => command, { givesWay: 1, least: 8 }],
  ['Enabled', ({ enabled }) => (enabled ? 'True' : 'False'), { colour: ({ enabled }) => (enabled ? undefined : 'grey') }],
];

const MORE: readonly Column<DefinitionView>[] = [
  ['NextDue', ({ nextDueAt }) => (nextDueAt === null ? '' : localTime(new Date(nextDueAt)))],
  ['Path', ({ path }) => path, { givesWay: 4 }],
  ['Description', ({ description }) => description, { givesWay: 5 }],
];

/** Several definitions: a document with a list of them in JSON, also when there is one or none. */
export function printDefinitions(definitions: readonly DefinitionView[], format: Format): void {
  if (format === 'json') writeJson({ apiVersion: 1, definitions });
  else if (format === 'yaml') writeText(yaml({ apiVersion: 1, definitions }));
  else printLines(definitions, format);
}

/** The one that a verb has made: its keys beside the version of the document. */
export function printDefinition(definition: DefinitionView, format: Format): void {
  if (format === 'json') writeJson({ apiVersion: 1, ...definition });
  else if (format === 'yaml') writeText(yaml({ apiVersion: 1, ...definition }));
  else printLines([definition], format);
}

function printLines(definitions: readonly DefinitionView[], format: 'table' | 'wide' | 'jsonl' | 'id'): void {
  if (format === 'jsonl') writeJsonLines(definitions);
  else if (format === 'id') writeText(definitions.map(({ id }) => `${id}\n`).join(''));
  else if (definitions.length > 0) writeText(layOut(format === 'wide' ? [...COLUMNS, ...MORE] : COLUMNS, definitions, lookOf(1)));
}

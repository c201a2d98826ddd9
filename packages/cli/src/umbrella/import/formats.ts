import { isSystemCrontab } from '@nightshift/crontab-job/crontab';
import type { Authoring } from '@nightshift/host';
import { asciiLower, suggest } from '@nightshift/sdk';
import { usage } from '../../options/usage.ts';
import { readCrontab } from './crontab/crontab.ts';
import { readDagu } from './dagu/dag.ts';
import type { Reading } from './draft.ts';
import { readGithubActions } from './github-actions/workflow.ts';
import { readKubernetes } from './kubernetes/cron-jobs.ts';
import { besideOf } from './systemd/beside.ts';
import type { Source } from './source-file.ts';
import { readSystemd } from './systemd/units.ts';

/** What an importer may know beside the text. */
export interface FormatSetting {
  /** --system. */
  readonly system: boolean;
  readonly readYaml: Authoring['readForeignYaml'];
}

export interface Format {
  readonly name: string;
  readonly aliases: readonly string[];
  read(source: Source, setting: FormatSetting): Reading;
}

export const FORMATS: readonly Format[] = [
  { name: 'crontab', aliases: ['cron'], read: (source, { system }) => readCrontab(source, { system: system || isSystemCrontab(source.file) }) },
  { name: 'systemd', aliases: ['timer'], read: (source, { system }) => readSystemd(source, besideOf(source), { system }) },
  { name: 'kubernetes', aliases: ['k8s'], read: (source, { readYaml }) => readKubernetes(source, readYaml(source.text, source.file)) },
  { name: 'github-actions', aliases: ['github'], read: (source, { readYaml }) => readGithubActions(source, readYaml(source.text, source.file)) },
  { name: 'dagu', aliases: [], read: (source, { readYaml }) => readDagu(source, readYaml(source.text, source.file)) },
];

/** Throws `ParameterArgumentValidationError` with the nearest name. */
export function formatNamed(word: string): Format {
  const found = FORMATS.find(({ name, aliases }) => [name, ...aliases].includes(asciiLower(word)));
  if (found !== undefined) return found;
  const near = suggest(word, FORMATS.flatMap(({ name, aliases }) => [name, ...aliases]));
  throw usage('ParameterArgumentValidationError', `"${word}" is no format that can be imported: ${FORMATS.map(({ name }) => name).join(', ')}`, near === undefined ? undefined : `did you mean ${near}?`);
}

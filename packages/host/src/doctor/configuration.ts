import { existsSync, statSync } from 'node:fs';
import { quoted } from '@nightshift/core';
import { isJobError, type JobError, type JobErrorFacts } from '@nightshift/sdk';
import type { ConfigReport } from '../config/read-config.ts';
import type { Wiring } from '../container.ts';
import type { FoundPlugin } from '../trust/find-plugin.ts';
import type { ProjectTrust } from '../trust/project-trust.ts';
import { trustCommand } from '../trust/trust-command.ts';
import { bad, count, doubtful, well, type Finding } from './finding.ts';
import type { Surroundings } from './surroundings.ts';

/** What the verbs would find here: the configuration, whether it is trusted, and the definitions. Runs nothing. */
export async function configuration(surroundings: Surroundings): Promise<readonly Finding[]> {
  let looked: Awaited<ReturnType<Surroundings['configuration']>>;
  try {
    looked = await surroundings.configuration();
  } catch (cause) {
    if (!isJobError(cause)) throw cause;
    return [mistake(cause)];
  }
  const { wiring, warnings } = looked;
  const report = wiring.configuration;
  const mistakes = [...report.errors.map(mistake), ...warnings.map((facts) => doubtful('configuration', sentence(facts), editor(facts)))];
  return [
    ...(mistakes.length === 0 ? [place(report)] : mistakes),
    ...trust(report, surroundings),
    ...(report.errors.length === 0 ? [await definitions(wiring)] : []),
  ];
}

const OF = { project: "the project's", named: 'named', user: 'your own' } as const;

function place({ found, search }: ConfigReport): Finding {
  if (found !== undefined) return well('configuration', `${found.path}, ${OF[found.of]}`);
  return well('configuration', search.refused === undefined ? 'none: everything has its default' : `none: this folder is not searched, for ${search.refused}`);
}

function mistake(facts: JobErrorFacts): Finding {
  return bad('configuration', sentence(facts), fixOf(facts));
}

function sentence({ code, message, file, line, column }: JobErrorFacts): string {
  return `${code}: ${message}${file === undefined ? '' : ` (${[file, line, column].filter((part) => part !== undefined).join(':')})`}`;
}

/** Refusals for safety have a hint that can be typed; a name that leads nowhere comes from the environment; the rest is text. */
function fixOf(facts: JobErrorFacts): string {
  if (facts.code === 'ConfigUnsafe' && facts.hint !== undefined) return facts.hint;
  if (facts.code === 'DirectoryNotFoundException') return 'cd';
  if (facts.code === 'DefinitionPathUnreadable' && facts.file !== undefined) return `ls -ld ${quoted([facts.file])}`;
  return ['FilePathNotFound', 'CodeConfigNotSupported'].includes(facts.code) ? 'unset NIGHTSHIFT_CONFIG' : editor(facts);
}

function editor({ file, line }: JobErrorFacts): string {
  return file === undefined ? 'nightshift validate' : `\${EDITOR:-vi} ${line === undefined ? '' : `+${line} `}${quoted([file])}`;
}

function trust(report: ConfigReport, { environment }: Surroundings): readonly Finding[] {
  return [ofProject(report, environment), ...forgotten(report)];
}

function ofProject({ trust: project, found }: ConfigReport, environment: NodeJS.ProcessEnv): Finding {
  if (project === undefined) return well('trust', found === undefined ? 'nothing here asks for it' : 'the configuration is your own word');
  if (project.keys.length === 0 && project.plugins.length === 0) return well('trust', 'the project asks for nothing that needs it');
  const wants = [...project.keys.map((key) => `the key ${key}`), ...project.plugins.map(pluginText)].join(', ');
  const lost = project.plugins.find((plugin) => 'fault' in plugin);
  if (lost !== undefined && 'fault' in lost) return doubtful('trust', `the plugin ${lost.name} is not there: ${lost.fault}`, lost.hint ?? editor({ code: '', message: '', ...(project.file === undefined ? {} : { file: project.file }) }));
  if (project.standing === 'trusted') return well('trust', `${project.folder} is trusted: ${wants}`);
  if (environment['NIGHTSHIFT_TRUST'] === '1') return well('trust', `trusted for this call by NIGHTSHIFT_TRUST: ${wants}`);
  return doubtful('trust', `${project.folder} ${STANDING[project.standing]}: ${wants}`, trustCommand(project));
}

const STANDING: Readonly<Record<ProjectTrust['standing'], string>> = { untrusted: 'is not trusted and asks for it', changed: 'has changed since it was trusted', trusted: 'is trusted' };

function pluginText(plugin: FoundPlugin): string {
  return 'fault' in plugin ? `the plugin ${plugin.name}` : `the plugin ${plugin.name} ${plugin.version}`;
}

/** A trusted folder that is gone may come back as somebody else's. */
function forgotten({ own }: ConfigReport): readonly Finding[] {
  const records = own?.errors.length === 0 ? (own.values.trustedProjects ?? []) : [];
  return records.filter(({ folder }) => !isFolder(folder)).map(({ folder }) => doubtful('trust', `${folder} is trusted and is not there any more`, `nightshift trust --revoke ${quoted([folder])}`));
}

function isFolder(path: string): boolean {
  try {
    return statSync(path).isDirectory();
  } catch {
    return false;
  }
}

async function definitions({ config, configuration: { found }, validate }: Wiring): Promise<Finding> {
  const subject = 'definitions';
  const { files, problems } = await validate([]);
  const folders = config.folders.join(', ');
  const [problem] = problems;
  if (problem !== undefined) return withoutFolder(problem, config.folders, found?.file.values.definitionPath !== undefined);
  const broken = files.filter(({ errors }) => errors.length > 0);
  const doubts = files.filter(({ errors, warnings }) => errors.length === 0 && warnings.length > 0);
  const codes = [...new Set(broken.flatMap(({ errors }) => errors.map(({ code }) => code)))].join(', ');
  const text = `${folders}: ${count(files.length, 'definition')}${doubts.length === 0 ? '' : `, ${doubts.length} with warnings`}${broken.length === 0 ? '' : `, ${broken.length} with errors (${codes})`}`;
  return broken.length === 0 ? well(subject, text) : doubtful(subject, text, 'nightshift validate');
}

/** The folder that nobody has named need not be there. */
function withoutFolder(problem: JobError, folders: readonly string[], isNamed: boolean): Finding {
  if (problem.code !== 'DirectoryNotFoundException') return bad('definitions', sentence(problem), `ls -ld ${quoted(folders)}`);
  const other = folders.find((folder) => !isFolder(folder) && existsSync(folder));
  if (other !== undefined) return bad('definitions', sentence(problem), `mv ${quoted([other, `${other}.aside`])}`);
  if (!isNamed) return well('definitions', `none: there is no folder ${folders.join(', ')}`);
  return bad('definitions', sentence(problem), `mkdir -p ${quoted(folders.filter((folder) => !isFolder(folder)))}`);
}

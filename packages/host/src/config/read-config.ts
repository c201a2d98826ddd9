import { dirname, resolve } from 'node:path';
import type { JobError } from '@nightshift/sdk';
import { isSaid, trustOfProject, type ProjectTrust } from '../trust/project-trust.ts';
import { phrasesOf } from '../trust/standing.ts';
import { trustCommand } from '../trust/trust-command.ts';
import { KEYS_THAT_NEED_TRUST } from './config-keys.ts';
import { gatherFiles, safeOwnersOf, trustedProjectsIn, type ConfigFiles, type ConfigRequest } from './gather-files.ts';
import type { ConfigFile, HooksSpec } from './read-config-file.ts';
import { retentionOf, type Retention } from './retention.ts';

/** What a configuration says, with defaults. */
export interface Config {
  /** Absolute folders of definitions, searched in order. */
  readonly folders: readonly string[];
  readonly namespace?: string;
  readonly timeZone?: string;
  /** User ids besides the user and root whose definition files are read. */
  readonly safeOwners?: readonly number[];
  /** Default: `retentionOf()`. */
  readonly retention?: Retention;
  /** Whom the scheduler tells; `folder`: where relative paths of its references begin. */
  readonly hooks?: { readonly spec: HooksSpec; readonly folder: string };
}

/** Everything that was found out on the way to a configuration, right or wrong. */
export interface ConfigReport extends ConfigFiles {
  /** Of a project's file. */
  readonly trust: ProjectTrust | undefined;
  /** True for the user's own file and a named one, for a project that was trusted as it is, and where NIGHTSHIFT_TRUST is 1. */
  readonly trusted: boolean;
  readonly errors: readonly JobError[];
  /** For verbs that go on without the plugins of a project that is not trusted. */
  readonly warnings: readonly JobError[];
  readonly config: Config;
}

/**
 * Finds and reads the configuration. Throws an AggregateError of everything that is wrong with it, `ConfigUnsafe` for a file
 * that somebody else could have written or that asks for what needs trust. Source: cli.md section 2, S2.
 */
export async function readConfig(request: ConfigRequest): Promise<ConfigReport> {
  const report = await examineConfig(request);
  if (report.errors.length > 0) throw new AggregateError(report.errors);
  return report;
}

/** The same, but what is wrong with the text of a file is reported with the rest. Throws what `gatherFiles` does. */
export async function examineConfig(request: ConfigRequest): Promise<ConfigReport> {
  const files = await gatherFiles(request);
  const trust = files.found?.of === 'project' ? await trustOfProject(files.found.file, trustedProjectsIn(files.own)) : undefined;
  const trusted = files.found !== undefined && (trust === undefined || trust.standing === 'trusted' || request.environment['NIGHTSHIFT_TRUST'] === '1');
  const errors = errorsOf(files, trusted, trust);
  return {
    ...files,
    trust,
    trusted,
    errors,
    warnings: trusted ? (files.found?.file.warnings ?? []) : warningsOf(files.found?.file, trust),
    // Of a file with mistakes nothing is taken; one that asks for trust in vain is one of them.
    config: configOf(errors.length === 0 ? files : { ...files, found: undefined }, request.workingDirectory),
  };
}

function errorsOf({ own, found }: ConfigFiles, trusted: boolean, trust: ProjectTrust | undefined): readonly JobError[] {
  const ofOwn = own === undefined || own === found?.file ? [] : own.errors;
  if (found === undefined) return ofOwn;
  const { file } = found;
  const said = (keys: readonly (typeof KEYS_THAT_NEED_TRUST)[number][]): typeof keys => keys.filter((key) => isSaid(file.values[key]));
  const untrusted = trusted ? [] : said(KEYS_THAT_NEED_TRUST).map((key) => needsTrust(file, key, trust as ProjectTrust));
  // What else is wrong with a key that does not count is for whoever is trusted.
  const isOfThem = ({ line, column }: JobError): boolean => untrusted.some((one) => one.line === line && one.column === column);
  return [...ofOwn, ...(found.of === 'user' ? [] : recordsElsewhere(file)), ...untrusted, ...file.errors.filter((one) => !isOfThem(one))];
}

/** A project that trusts itself is not trusted for that. */
function recordsElsewhere(file: ConfigFile): readonly JobError[] {
  if (file.values.trustedProjects === undefined) return [];
  return [file.complain('trustedProjects', { code: 'ConfigUnsafe', message: '"trustedProjects" counts in your own configuration only', hint: 'remove it; nightshift trust writes it where it belongs' })];
}

function needsTrust(file: ConfigFile, key: string, trust: ProjectTrust): JobError {
  return file.complain(key, { code: 'ConfigUnsafe', message: `"${key}" counts in a trusted project only${since(trust)}`, hint: trustCommand(trust) });
}

function warningsOf(file: ConfigFile | undefined, trust: ProjectTrust | undefined): readonly JobError[] {
  if (file === undefined || trust === undefined || trust.plugins.length === 0) return [];
  return [file.complain('plugins', { code: 'ProjectPluginsIgnored', message: `the plugins of a project that is not trusted are not loaded${since(trust)}`, hint: trustCommand(trust) })];
}

/** What has changed since the project was trusted, if it was. */
function since({ standing, changes }: ProjectTrust): string {
  return standing === 'changed' ? `; since it was trusted, ${phrasesOf(changes)}` : '';
}

function configOf({ own, found }: ConfigFiles, workingDirectory: string): Config {
  const { definitionPath, namespace, timeZone, hooks, safeOwners = [], retention } = found?.file.values ?? {};
  // The user's own file says nothing about this project: what it leaves out begins here.
  const base = found === undefined || (found.of === 'user' && definitionPath === undefined) ? workingDirectory : dirname(found.path);
  const owners = [...new Set([...safeOwnersOf(own), ...safeOwners])];
  return {
    ...(retention === undefined ? {} : { retention: retentionOf(retention) }),
    folders: (definitionPath ?? ['definitions']).map((folder) => resolve(base, folder)),
    ...(namespace === undefined ? {} : { namespace }),
    ...(timeZone === undefined ? {} : { timeZone }),
    ...(owners.length === 0 ? {} : { safeOwners: owners }),
    ...(hooks === undefined || found === undefined ? {} : { hooks: { spec: hooks, folder: dirname(found.path) } }),
  };
}

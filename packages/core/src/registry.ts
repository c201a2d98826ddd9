import { asciiLower, JobError, type AnyJobType, type JobTypePlugin } from '@nightshift/sdk';
import { matchesWildcard } from './wildcard.ts';

/** Where a type comes from. */
export interface PluginSource extends Pick<JobTypePlugin, 'name' | 'version'> {
  /** Absolute path of the module that a host imports. Default: it is built in. */
  readonly module?: string;
}

/** A plugin, and where it lies. */
export type SourcedPlugin = JobTypePlugin & Pick<PluginSource, 'module'>;

/** A job type and where it comes from. */
export interface RegisteredType {
  readonly type: AnyJobType;
  readonly plugin: PluginSource;
}

/** The job types of a host, found by name or alias without case. */
export interface Registry {
  readonly all: readonly RegisteredType[];
  find(name: string): RegisteredType | undefined;
  /** Name or alias against a pattern with wildcards. */
  matching(pattern: string): readonly RegisteredType[];
}

/** Throws `JobTypeConflict`, naming both packages, when two types share a name or an alias. */
export function createRegistry(plugins: readonly SourcedPlugin[]): Registry {
  const all = plugins.flatMap((plugin) => (plugin.jobTypes ?? []).map((type: AnyJobType): RegisteredType => ({ type, plugin })));
  const byName = new Map<string, RegisteredType>();
  for (const registered of all) {
    for (const name of namesOf(registered)) {
      const other = byName.get(asciiLower(name));
      if (other !== undefined && other !== registered) throw conflict(name, other, registered);
      byName.set(asciiLower(name), registered);
    }
  }
  return {
    all,
    find: (name) => byName.get(asciiLower(name)),
    matching: (pattern) => all.filter((registered) => namesOf(registered).some((name) => matchesWildcard(pattern, name))),
  };
}

function namesOf({ type }: RegisteredType): readonly string[] {
  return [type.name, ...(type.aliases ?? [])];
}

function conflict(name: string, first: RegisteredType, second: RegisteredType): JobError {
  return new JobError({
    code: 'JobTypeConflict',
    message: `the job type ${name} comes from two plugins: ${first.plugin.name} and ${second.plugin.name}`,
    hint: 'name only one of them under "plugins" in the configuration',
  });
}

import { asciiLower, JobError, type AnyJobType, type JobTypePlugin } from '@nightshift/sdk';
import { matchesWildcard } from './wildcard.ts';

/** Where job types come from. Neither `path` nor `module`: they are built in. */
export interface PluginSource extends Pick<JobTypePlugin, 'name' | 'version'> {
  /** Real path of the plugin's folder. */
  readonly path?: string;
  /** As the configuration names it. */
  readonly named?: string;
  /** Absolute path of a module that holds the plugin, in place of a folder. */
  readonly module?: string;
}

/** A plugin, and where it lies. */
export type SourcedPlugin = PluginSource & Pick<JobTypePlugin, 'jobTypes'>;

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
  /** Why a name that some plugin offers is not to be had. Default: nothing is refused. */
  refusalOf?(name: string): JobError | undefined;
  /** Plugins whose types are not known here, since that would take their code. Default: none. */
  readonly unknown?: readonly UnknownPlugin[];
}

/** A plugin that was not asked. */
export interface UnknownPlugin {
  /** As the configuration names it. */
  readonly named: string;
  /** What it offered when it was asked last: names and aliases in lower case. */
  readonly offered: readonly string[];
}

/** A registry that takes the types of plugins in. */
export interface OpenRegistry extends Registry {
  /**
   * Puts the types of these plugins beside the built-in ones, in place of those admitted before. Of types that share a name or
   * an alias none is taken, but for a built-in one; the answer is a `JobTypeConflict` for each pair. Source: jobs.md 18.2.
   * `unknown`: plugins whose types are not among them.
   */
  admit(plugins: readonly SourcedPlugin[], unknown?: readonly UnknownPlugin[]): readonly JobError[];
}

/** Throws `JobTypeConflict`, naming both packages, when two types of the built-in plugins share a name or an alias. */
export function createRegistry(builtIn: readonly SourcedPlugin[]): OpenRegistry {
  const own = typesOf(builtIn);
  const [first] = conflictsIn(own);
  if (first !== undefined) throw first.error;
  let all = own;
  let byName = named(own);
  let refusals: readonly Conflict[] = [];
  let unknown: readonly UnknownPlugin[] = [];
  return {
    get all() {
      return all;
    },
    get unknown() {
      return unknown;
    },
    find: (name) => byName.get(asciiLower(name)),
    matching: (pattern) => all.filter((registered) => namesOf(registered).some((name) => matchesWildcard(pattern, name))),
    refusalOf: (name) => refusals.find(({ lost }) => lost.some((type) => namesOf(type).some((one) => asciiLower(one) === asciiLower(name))))?.error,
    admit(plugins, without = []) {
      // What is in this process already is not another plugin.
      const others = plugins.filter(({ path }) => path === undefined || !builtIn.some((plugin) => plugin.path === path));
      const offered = [...own, ...typesOf(others)];
      refusals = conflictsIn(offered);
      const lost = new Set(refusals.flatMap((conflict) => conflict.lost));
      all = offered.filter((type) => !lost.has(type));
      byName = named(all);
      unknown = without;
      return refusals.map(({ error }) => error);
    },
  };
}

function typesOf(plugins: readonly SourcedPlugin[]): readonly RegisteredType[] {
  return plugins.flatMap(({ jobTypes = [], ...plugin }) => jobTypes.map((type: AnyJobType): RegisteredType => ({ type, plugin })));
}

function named(types: readonly RegisteredType[]): ReadonlyMap<string, RegisteredType> {
  return new Map(types.flatMap((registered) => namesOf(registered).map((name) => [asciiLower(name), registered])));
}

function namesOf({ type }: RegisteredType): readonly string[] {
  return [type.name, ...(type.aliases ?? [])];
}

interface Conflict {
  readonly error: JobError;
  /** What is not taken for it. */
  readonly lost: readonly RegisteredType[];
}

function conflictsIn(types: readonly RegisteredType[]): readonly Conflict[] {
  const holders = new Map<string, RegisteredType>();
  const conflicts = new Map<string, Conflict>();
  for (const registered of types) {
    for (const name of namesOf(registered)) {
      const other = holders.get(asciiLower(name));
      if (other === undefined) holders.set(asciiLower(name), registered);
      else if (other !== registered) {
        const pair = `${types.indexOf(other)} ${types.indexOf(registered)}`;
        if (!conflicts.has(pair)) conflicts.set(pair, { error: conflict(name, other, registered), lost: isBuiltIn(other) ? [registered] : [other, registered] });
      }
    }
  }
  return [...conflicts.values()];
}

function isBuiltIn({ plugin }: RegisteredType): boolean {
  return plugin.path === undefined && plugin.module === undefined;
}

function conflict(name: string, first: RegisteredType, second: RegisteredType): JobError {
  const drop = [first, second].flatMap(({ plugin }) => plugin.named ?? []);
  return new JobError({
    code: 'JobTypeConflict',
    message: isBuiltIn(first) && !isBuiltIn(second)
      ? `the plugin ${shown(second)} offers a job type of the name ${name}, which is built in (${first.plugin.name})`
      : `the job type ${name} comes from two plugins, ${shown(first)} and ${shown(second)}: neither is used`,
    hint: drop.length === 0 ? 'name only one of them under "plugins" in the configuration' : `take ${drop.join(' or ')} out of "plugins" in the configuration`,
  });
}

/** Two copies of a package have one name. */
function shown({ plugin: { name, version, path } }: RegisteredType): string {
  return `${name}@${version}${path === undefined ? '' : ` (${path})`}`;
}

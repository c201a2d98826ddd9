import { JobError } from './errors.ts';
import type { Capabilities } from './capabilities.ts';
import type { AnyEngineType } from './engine.ts';
import type { AnyJobType, CodeJobType, CommandJobType, DelegateJobType } from './job-type.ts';
import { type API_VERSION, pluginFaults } from './plugin-faults.ts';

/** What a plugin package default-exports. Plain data: names and versions are readable without running a job. */
export interface JobTypePlugin {
  /** npm package name; shown in every error about the plugin. */
  readonly name: string;
  /** Version of the plugin package, semver. */
  readonly version: string;
  /** Must equal `API_VERSION`. Checked before anything else is read. */
  readonly apiVersion: typeof API_VERSION;
  /** Types offered. Default: none. Two plugins with one type name are refused, naming both. */
  readonly jobTypes?: readonly AnyJobType[];
  /** Engines offered. Default: none. They run in the processes of the verbs: only a plugin that the user's own configuration, or a trusted project, names as its engine is loaded so. */
  readonly engines?: readonly AnyEngineType[];
}

/** Checks names, version and capability rules now, instead of at three in the morning. Throws `JobError` `PluginInvalid`, which says everything that is wrong. */
export function definePlugin<const P extends JobTypePlugin>(plugin: P): P {
  const faults = pluginFaults(plugin);
  if (faults.length === 0) return plugin;
  throw new JobError({ code: 'PluginInvalid', message: `plugin "${plugin.name}" ${faults.join('; ')}` });
}

/** A type whose instances are programs: Nightshift starts, watches and stops them. */
export function defineCommandJobType<Spec>(type: CommandJobType<Spec>): CommandJobType<Spec> {
  return type;
}

/** A type whose instances are JavaScript: keeps `Spec` and `C` inferred, so that declared capabilities must be returned. */
export function defineCodeJobType<Spec, const C extends Capabilities>(type: CodeJobType<Spec, C>): CodeJobType<Spec, C> {
  return type;
}

/** A type that adds something (triggers, options) around an instance of another type. Provisional in API 1: it may change without a new version. */
export function defineDelegateJobType<Spec>(type: DelegateJobType<Spec>): DelegateJobType<Spec> {
  return type;
}

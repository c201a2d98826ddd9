import type { Capabilities } from './capabilities.ts';
import { JobError } from './errors.ts';
import type { AnyJobType, CodeJobType, CommandJobType, DelegateJobType } from './job-type.ts';
import { checkName } from './name-rule.ts';

/** The contract version of this SDK. The host refuses plugins of a version that it does not speak. */
export const API_VERSION = 1 as const;

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
}

/** Checks names, version and capability rules now, instead of at three in the morning. Throws `JobError` `PluginInvalid`. */
export function definePlugin<const P extends JobTypePlugin>(plugin: P): P {
  if (plugin.apiVersion !== API_VERSION) {
    throw invalid(plugin.name, `speaks contract version ${String(plugin.apiVersion)}; this SDK speaks ${API_VERSION}`);
  }
  for (const type of plugin.jobTypes ?? []) checkJobType(plugin.name, type);
  return plugin;
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

const METHOD = { command: 'command', code: 'prepare', delegate: 'delegate' } as const;

function checkJobType(plugin: string, type: AnyJobType): void {
  for (const name of [type.name, ...(type.aliases ?? [])]) {
    try {
      checkName(name);
    } catch (cause) {
      throw invalid(plugin, `offers a job type of an impossible name: ${(cause as Error).message}`);
    }
  }
  const method = METHOD[type.runs];
  if (method === undefined) throw invalid(plugin, `job type ${type.name}: "runs" must be command, code or delegate`);
  if (typeof (type as unknown as Record<string, unknown>)[method] !== 'function') {
    throw invalid(plugin, `job type ${type.name} runs ${type.runs} but has no method ${method}`);
  }
  if (typeof type.spec?.['~standard']?.validate !== 'function') {
    throw invalid(plugin, `job type ${type.name} has no Standard Schema in "spec"`);
  }
  if (type.runs === 'code' && type.capabilities.reattach === true && type.reattach === undefined) {
    throw invalid(plugin, `job type ${type.name} declares the capability reattach but has no method reattach`);
  }
}

function invalid(plugin: string, text: string): JobError {
  return new JobError({ code: 'PluginInvalid', message: `plugin "${plugin}" ${text}` });
}

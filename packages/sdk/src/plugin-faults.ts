import { checkName } from './name-rule.ts';

/** The contract version of this SDK. The host refuses plugins of a version that it does not speak. */
export const API_VERSION = 1 as const;

/** The method that each form of a job type cannot do without. */
const METHOD: Readonly<Record<string, string>> = { command: 'command', code: 'prepare', delegate: 'delegate' };
/** As plugins call themselves: longer is no name of a package. */
const LONGEST_NAME = 214;

/**
 * Everything that keeps a value from being a plugin, each as the end of a sentence that begins with its name; none: it is one.
 * Of another contract version nothing else is said, since nothing else can be known.
 */
export function pluginFaults(plugin: unknown): readonly string[] {
  if (!isRecord(plugin)) return [`exports ${kindOf(plugin)} where a plugin is wanted: "export default definePlugin({ name, version, apiVersion, jobTypes })"`];
  const { name, version, apiVersion, jobTypes = [], engines = [] } = plugin;
  if (apiVersion !== API_VERSION) return [`speaks contract version ${shown(apiVersion)}; this SDK speaks ${API_VERSION}`];
  return [
    ...(isText(name, LONGEST_NAME) ? [] : ['has no "name"']),
    ...(isText(version, LONGEST_NAME) ? [] : ['has no "version"']),
    ...(Array.isArray(jobTypes) ? jobTypes.flatMap(typeFaults) : ['has "jobTypes" that are no list']),
    ...(Array.isArray(jobTypes) ? namesTwice(jobTypes) : []),
    ...(Array.isArray(engines) ? engines.flatMap(engineFaults) : ['has "engines" that are no list']),
    ...(Array.isArray(engines) ? enginesTwice(engines) : []),
  ];
}

/** As an engine is named in the configuration. */
const ENGINE_NAME = /^[a-z][a-z0-9-]{0,40}$/;

function engineFaults(engine: unknown, index: number): readonly string[] {
  if (!isRecord(engine)) return [`has ${kindOf(engine)} as engine ${index + 1}`];
  const { name, description, options, open } = engine;
  const isNamed = typeof name === 'string' && ENGINE_NAME.test(name);
  const called = `engine ${isNamed ? name : index + 1}`;
  return [
    ...(isNamed ? [] : [`${called} has no "name" of lower-case letters, digits and "-"`]),
    ...(isText(description, 1_000) ? [] : [`${called} has no "description"`]),
    ...(hasSchema(options) ? [] : [`${called} has no Standard Schema in "options"`]),
    ...(typeof open === 'function' ? [] : [`${called} has no method open`]),
  ];
}

function enginesTwice(engines: readonly unknown[]): readonly string[] {
  const names = engines.filter(isRecord).flatMap(({ name }) => (typeof name === 'string' ? [name] : []));
  return [...new Set(names.filter((name, index) => names.indexOf(name) !== index))].map((name) => `offers two engines of the name ${name}`);
}

function typeFaults(type: unknown, index: number): readonly string[] {
  if (!isRecord(type)) return [`has ${kindOf(type)} as job type ${index + 1}`];
  const { name, aliases = [], description, runs, capabilities, spec, definitions } = type;
  const called = `job type ${isText(name, LONGEST_NAME) ? name : index + 1}`;
  const names: readonly unknown[] = [name, ...(Array.isArray(aliases) ? aliases : [])];
  return [
    ...names.flatMap((one) => nameFault(one)),
    ...(Array.isArray(aliases) ? [] : [`${called} has "aliases" that are no list`]),
    ...(isText(description, 1_000) ? [] : [`${called} has no "description"`]),
    ...methodFaults(called, type, runs),
    ...capabilityFaults(called, type, capabilities),
    ...(hasSchema(spec) ? [] : [`${called} has no Standard Schema in "spec"`]),
    ...(definitions === undefined || (isRecord(definitions) && ['find', 'list'].every((method) => typeof definitions[method] === 'function')) ? [] : [`${called} has "definitions" without the methods find and list`]),
  ];
}

function nameFault(name: unknown): readonly string[] {
  if (typeof name !== 'string') return [`offers a job type whose name is ${kindOf(name)}`];
  try {
    checkName(name);
    return [];
  } catch (cause) {
    return [`offers a job type of an impossible name: ${(cause as Error).message}`];
  }
}

function methodFaults(called: string, type: Readonly<Record<string, unknown>>, runs: unknown): readonly string[] {
  const method = typeof runs === 'string' && Object.hasOwn(METHOD, runs) ? (METHOD[runs] as string) : undefined;
  if (method === undefined) return [`${called}: "runs" must be command, code or delegate`];
  return typeof type[method] === 'function' ? [] : [`${called} runs ${String(runs)} but has no method ${method}`];
}

function capabilityFaults(called: string, type: Readonly<Record<string, unknown>>, capabilities: unknown): readonly string[] {
  if (!isRecord(capabilities)) return [`${called} has no "capabilities"`];
  const strange = Object.entries(capabilities).filter(([, can]) => can !== undefined && typeof can !== 'boolean').map(([name]) => name);
  const unable = type['runs'] === 'code' && capabilities['reattach'] === true && typeof type['reattach'] !== 'function';
  return [...strange.map((name) => `${called} has the capability ${name}, which is neither true nor false`), ...(unable ? [`${called} declares the capability reattach but has no method reattach`] : [])];
}

/** Within one plugin; of several plugins the host has to say it. */
function namesTwice(types: readonly unknown[]): readonly string[] {
  const seen = new Map<string, unknown>();
  const twice = new Set<string>();
  for (const type of types.filter(isRecord)) {
    const { name, aliases = [] } = type;
    for (const one of [name, ...(Array.isArray(aliases) ? (aliases as unknown[]) : [])]) {
      if (typeof one !== 'string') continue;
      const key = one.toLowerCase();
      if (seen.has(key) && seen.get(key) !== type) twice.add(one);
      seen.set(key, type);
    }
  }
  return [...twice].map((name) => `offers two job types of the name ${name}`);
}

function hasSchema(spec: unknown): boolean {
  // A schema may be a function, as arktype's are.
  const standard = (spec as Record<string, { readonly validate?: unknown } | undefined> | null | undefined)?.['~standard'];
  return typeof standard?.validate === 'function';
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isText(value: unknown, longest: number): value is string {
  return typeof value === 'string' && value.trim() !== '' && value.length <= longest;
}

function kindOf(value: unknown): string {
  if (value === undefined) return 'nothing';
  return value === null ? 'null' : Array.isArray(value) ? 'a list' : `a ${typeof value}`;
}

function shown(value: unknown): string {
  return typeof value === 'string' ? value.slice(0, 100) : typeof value === 'number' || value === undefined ? String(value) : kindOf(value);
}

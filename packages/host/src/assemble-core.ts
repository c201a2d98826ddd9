import { fileURLToPath } from 'node:url';
import { createRegistry, type CoreParts, type Registry, type SourcedPlugin } from '@nightshift/core';
import type { JobError } from '@nightshift/sdk';
import { BUILT_IN } from './built-in.ts';
import { configPlace, type ConfigPlace } from './config/config-place.ts';
import { lazyWiring, type LazyWiring } from './config/lazy-wiring.ts';
import type { WireRequest } from './container.ts';
import { createCommandLauncher } from './launch/command.ts';
import { pluginEnvironment } from './launch/environment.ts';
import { newInstanceId } from './launch/instance-id.ts';
import { currentFolder } from './paths.ts';
import { liveOwner } from './scheduler/live-owner.ts';
import type { References } from './secrets/references.ts';
import { createStores, type HostStores } from './stores.ts';
import { createRouser } from './threads/rouse.ts';
import type { Threads } from './threads/threads.ts';
import { systemClock } from '#system-clock';

/** Where a host lives. Everything has a default. */
export interface HostOptions {
  /** Default: this process's. */
  readonly environment?: NodeJS.ProcessEnv;
  /** Absolute. Where configuration is searched and relative paths begin. Default: this process's. */
  readonly workingDirectory?: string;
  /** A configuration file in place of the searched one. */
  readonly configFile?: string;
  /** Given back to jobs. Default: this process's. */
  readonly umask?: number;
  /** Told what does not stop anything. Default: nobody. */
  readonly warn?: (warning: JobError) => void;
  /** Absolute path of shim.sh. Default: the one beside this module. */
  readonly shim?: string;
  /** Words behind Node that start the host of a job of JavaScript. Default: the module beside this one. */
  readonly codeHost?: readonly string[];
  /** Words behind Node that serve a plugin. Default: the module beside this one. */
  readonly pluginProcess?: readonly string[];
  /** Words behind Node that start the host of a pool of thread jobs. Default: the module beside this one. */
  readonly threadHost?: readonly string[];
  /** Plugins besides the built-in ones, loaded already; `module` says where each lies. Default: none. */
  readonly plugins?: readonly SourcedPlugin[];
}

/** Where the parts of a host live. */
export interface AssemblyOptions extends HostOptions {
  /** Where another host has found the configuration, in place of looking for it. */
  readonly configuration?: ConfigPlace;
  /** Variables for references of secrets besides those of the environment, which jobs do not inherit. Default: none. */
  readonly secretVariables?: Readonly<Record<string, string>>;
  /** Absolute folder of a worker: its runs are kept there. Default: the stores of the user. */
  readonly worker?: string;
}

/** Stores, launcher and types: what every verb works with, in a terminal and in the host of a run. */
export interface Assembly {
  readonly parts: CoreParts;
  readonly stores: HostStores;
  readonly types: Registry;
  readonly wiring: LazyWiring;
  /** Takes every plugin in that the configuration names, once. What cannot be loaded is told, and keeps nobody from what can. */
  readonly loadPlugins: () => Promise<void>;
  readonly request: () => WireRequest;
  /** Where the configuration is looked for. */
  readonly configuration: () => ConfigPlace;
  /** Absolute path of shim.sh. */
  readonly shim: string;
  /** Thread jobs, loaded at the first call. */
  readonly threads: LazyThreads;
}

/** Loaded by who starts a thread job. */
export interface LazyThreads {
  load(): Promise<Threads>;
  /** Undefined: nobody has. */
  loaded(): Threads | undefined;
}

/** Whether a scheduler works for the namespace of a definition: it starts the further attempts of what run-now has started. */
function isScheduled(stores: HostStores, definitionKey: string): boolean {
  const store = stores.embedded();
  return store !== undefined && liveOwner(store, definitionKey.slice(0, definitionKey.indexOf('/')), systemClock.now()) !== undefined;
}

/** Opens nothing yet. */
export function assembleCore(options: AssemblyOptions): Assembly {
  const environment = options.environment ?? process.env;
  const warn = options.warn ?? (() => {});
  const types = createRegistry([...BUILT_IN, ...(options.plugins ?? [])]);
  const stores = createStores(environment, warn, options.worker);
  const configuration = (): ConfigPlace => options.configuration ?? configPlace(options.workingDirectory ?? currentFolder(), options.configFile, environment);
  const request = (): WireRequest => ({ types, plugins: { argv: pluginArgv(options.pluginProcess), environment: pluginEnvironment(environment), clock: systemClock }, warn, umask: options.umask ?? process.umask(), ...configuration(), environment: { ...environment, ...options.configuration?.environment } });
  const wiring = lazyWiring(request);
  let loaded: Promise<void> | undefined;
  const loadPlugins = (): Promise<void> => (loaded ??= wiring.withPlugins().then(({ plugins }) => plugins.losses().forEach(({ error }) => warn(error))));
  const shim = options.shim ?? fileURLToPath(new URL('launch/shim.sh', import.meta.url));
  const rousing = { stores, clock: systemClock, environment, threadHost: options.threadHost ?? programBeside('threads/start-pool-host') };
  const secretEnvironment = (): NodeJS.ProcessEnv => ({ ...environment, ...options.secretVariables });
  const references = async (from: NodeJS.ProcessEnv): Promise<References> => (await wiring.assemble()).references(from);
  let thread: Threads | undefined;
  const threads: LazyThreads = {
    async load() {
      if (thread !== undefined) return thread;
      const { createThreads } = await import('./threads/threads.ts');
      return (thread ??= createThreads({ ...rousing, warn }));
    },
    loaded: () => thread,
  };
  const parts: CoreParts = {
    stores,
    types,
    loadTypes: loadPlugins,
    newInstanceId,
    clock: systemClock,
    launcher: createCommandLauncher({ clock: systemClock, environment, umask: options.umask ?? process.umask(), shim, codeHost: options.codeHost ?? programBeside('launch/code-host/start'), configuration, secretEnvironment, ...(options.worker === undefined ? {} : { worker: options.worker }), references, stopOwn: (instanceId, how) => thread?.stop(instanceId, how), rouse: createRouser(rousing) }),
    definitions: async () => (await wiring.assemble()).definitions,
    masking: async ({ run }) => (await import('./secrets/masking.ts')).maskingOf(run?.secrets, secretEnvironment(), () => references(secretEnvironment())),
    hasRetries: ({ definition, origin }) => origin.kind === 'trigger' || (definition !== undefined && origin.kind === 'demand' && origin.runNow && isScheduled(stores, definition.key)),
  };
  return { parts, stores, types, wiring, loadPlugins, request, configuration, shim, threads };
}

/** A program that Node is started with. From the sources it runs as it is written there. */
function programBeside(name: string): readonly string[] {
  const isSource = import.meta.url.endsWith('.ts');
  const path = fileURLToPath(new URL(`${name}.${isSource ? 'ts' : 'js'}`, import.meta.url));
  return isSource ? ['--conditions=source', path] : [path];
}

/** A plugin that fills the memory ends its own process. */
function pluginArgv(words: readonly string[] | undefined): readonly [string, ...string[]] {
  return [process.execPath, '--max-old-space-size=512', ...(words ?? programBeside('plugins/process/serve'))];
}

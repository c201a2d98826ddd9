/**
 * What only verbs that read definitions need, assembled by tsyringe, which nobody else imports: explicit tokens and
 * factories, no decorators. A child container per host; it wires and registers, and disposes of nothing (its own `dispose`
 * forgets factories and values). Loaded at the first definition: it costs as much as half an empty Node process.
 */
// oxlint-disable-next-line import/no-unassigned-import -- tsyringe looks for it when it is loaded
import 'reflect-metadata';
import { container, instanceCachingFactory, type DependencyContainer, type InjectionToken } from 'tsyringe';
import type { DefinitionFiles, Registry } from '@nightshift/core';
import { createYamlDefinitions, insideProject, type CheckTrigger } from '@nightshift/definitions';
import { checkTrigger } from '@nightshift/scheduler';
import { isJobError, JobError } from '@nightshift/sdk';
import { readConfig, type Config } from './config/read-config.ts';
import { createValidator, type Validator } from './validate.ts';

/** What a host tells its container. */
export interface WireRequest {
  readonly environment: NodeJS.ProcessEnv;
  readonly types: Registry;
  readonly workingDirectory: string;
  /** A configuration file in place of the searched one. */
  readonly configFile?: string;
  readonly warn: (warning: JobError) => void;
}

export interface Wiring {
  readonly config: Config;
  readonly definitions: DefinitionFiles;
  readonly validate: Validator;
}

type Definitions = ReturnType<typeof createYamlDefinitions>;

const CONFIG: InjectionToken<Config> = Symbol.for('nightshift.config');
const CHECK_TRIGGER: InjectionToken<CheckTrigger> = Symbol.for('nightshift.checkTrigger');
const YAML_DEFINITIONS: InjectionToken<Definitions> = Symbol.for('nightshift.yamlDefinitions');
const DEFINITION_FILES: InjectionToken<DefinitionFiles> = Symbol.for('nightshift.definitionFiles');
const VALIDATOR: InjectionToken<Validator> = Symbol.for('nightshift.validator');

export async function wire(request: WireRequest): Promise<Wiring> {
  const parts = container.createChildContainer();
  parts.registerInstance(CONFIG, await readConfig(request));
  parts.registerInstance(CHECK_TRIGGER, checkTrigger);
  once(parts, YAML_DEFINITIONS, (from) => createYamlDefinitions({ ...from.resolve(CONFIG), checkTrigger: from.resolve(CHECK_TRIGGER) }));
  once(parts, DEFINITION_FILES, (from) => ({ source: from.resolve(YAML_DEFINITIONS), checkPaths }));
  once(parts, VALIDATOR, (from) => createValidator({ types: request.types, files: from.resolve(DEFINITION_FILES), yaml: from.resolve(YAML_DEFINITIONS), workingDirectory: request.workingDirectory }));
  return { config: parts.resolve(CONFIG), definitions: parts.resolve(DEFINITION_FILES), validate: parts.resolve(VALIDATOR) };
}

function once<T>(parts: DependencyContainer, token: InjectionToken<T>, make: (from: DependencyContainer) => T): void {
  parts.register(token, { useFactory: instanceCachingFactory(make) });
}

const checkPaths: DefinitionFiles['checkPaths'] = async ({ baseFolder }, { scriptFile, workingDirectory }) => {
  if (baseFolder === undefined) return;
  for (const [key, path] of Object.entries({ filePath: scriptFile, workingDirectory })) {
    if (path === undefined) continue;
    try {
      await insideProject(baseFolder, path);
    } catch (cause) {
      throw isJobError(cause) ? new JobError({ code: cause.code, message: cause.message, path: [key], ...(cause.hint === undefined ? {} : { hint: cause.hint }) }, { cause }) : cause;
    }
  }
};

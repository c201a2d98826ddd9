/** The scheduler as a service of the user, run by the system: looked at, installed, taken away. */
import { join, resolve } from 'node:path';
import { quoted } from '@nightshift/core';
import { JobError, type Clock } from '@nightshift/sdk';
import { existingFolder } from '../paths.ts';
import { homeFolder, userConfigPath } from '../places.ts';
import type { Scheduling } from '../scheduler/scheduling.ts';
import { install } from './install.ts';
import { launchd } from './launchd.ts';
import type { Installed, ServicePlan, ServiceRequest, Uninstalled } from './service-answers.ts';
import { carriedVariables, commandOf, type ServiceFacts } from './service-facts.ts';
import { ownText } from './service-file.ts';
import type { ServiceManager } from './service-manager.ts';
import { systemd } from './systemd.ts';
import { uninstall } from './uninstall.ts';

export type { Installed, ServicePlan, ServiceRequest, Uninstalled } from './service-answers.ts';
export type { Advice } from './service-manager.ts';

/** Throws `ServiceNotSupported` where the system has services of another kind, `ServiceNameTaken` for a file of somebody else. */
export interface Services {
  /** What would be installed; changes nothing. `platform`: as text for another system. Throws `DirectoryNotFoundException`. */
  plan(request: ServiceRequest, platform?: NodeJS.Platform): Promise<ServicePlan>;
  /** All of it or nothing. Throws `ServiceManagerFailed`, `SchedulerAlreadyRunning`, and what writing a file throws. */
  install(request: ServiceRequest): Promise<Installed>;
  /** Where nothing is installed nothing is done. */
  uninstall(request: ServiceRequest): Promise<Uninstalled>;
  /** What would be taken away. */
  look(request: ServiceRequest): Promise<Uninstalled>;
}

export interface ServicesParts {
  readonly scheduling: Scheduling;
  readonly environment: NodeJS.ProcessEnv;
  readonly workingDirectory: string;
  readonly configFile: string | undefined;
  /** The state folder. */
  readonly state: string;
  readonly umask: number;
  readonly clock: Clock;
  readonly platform: NodeJS.Platform;
  /** Root of the file system that is looked at. */
  readonly system: string;
}

export function createServices(parts: ServicesParts): Services {
  const open = async (request: ServiceRequest, platform: NodeJS.Platform = parts.platform): Promise<Opened> => {
    const facts = await factsOf(parts, request);
    return { facts, manager: managerOf(parts, facts, platform) };
  };
  return {
    async plan(request, platform) {
      const { facts, manager } = await open(request, platform);
      refuseMissing(facts);
      return { name: facts.name, unit: manager.unit, file: manager.file, text: manager.textOf(facts), exists: platform === undefined && ownText(manager.file) !== undefined };
    },
    async install(request) {
      const { facts, manager } = await open(request);
      refuseMissing(facts);
      return install({ ...parts, facts, manager, status: () => parts.scheduling.status(facts.folders) });
    },
    async uninstall(request) {
      const { facts, manager } = await open(request);
      return uninstall(facts.name, manager);
    },
    async look(request) {
      const { facts: { name }, manager: { unit, file } } = await open(request);
      return { name, unit, file, removed: ownText(file) !== undefined, asked: false, commands: [] };
    },
  };
}

interface Opened {
  readonly facts: ServiceFacts;
  readonly manager: ServiceManager;
}

/** A service would fail again and again for want of them. */
function refuseMissing({ folders }: ServiceFacts): void {
  for (const folder of folders) existingFolder(folder, '/');
}

/** What both systems take as part of a name. A namespace that nobody chose begins with a digit as often as not. */
const NAME = /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/;

async function factsOf({ scheduling, environment, workingDirectory, configFile, state }: ServicesParts, request: ServiceRequest): Promise<ServiceFacts> {
  const folders = await scheduling.folders(request.definitionPaths);
  const { metricsPort, program, name = folders[0]?.namespace as string } = request;
  if (!NAME.test(name)) throw new JobError({ code: 'ParameterArgumentValidationError', message: `${JSON.stringify(name.slice(0, 100))} is no name of a service`, hint: 'letters, digits, ".", "_" and "-", at most 64, a letter or digit first' });
  return {
    name,
    node: process.execPath,
    program,
    folders: folders.map(({ folder }) => folder),
    workingDirectory,
    ...(configFile === undefined ? {} : { configFile: resolve(workingDirectory, configFile) }),
    ...(metricsPort === undefined ? {} : { metricsPort }),
    environment: carriedVariables(withAbsoluteConfig(environment, workingDirectory), state),
  };
}

function withAbsoluteConfig({ NIGHTSHIFT_CONFIG: file = '', ...rest }: NodeJS.ProcessEnv, workingDirectory: string): NodeJS.ProcessEnv {
  return file === '' ? rest : { ...rest, NIGHTSHIFT_CONFIG: resolve(workingDirectory, file) };
}

function managerOf({ environment, system }: ServicesParts, facts: ServiceFacts, platform: NodeJS.Platform): ServiceManager {
  const { name } = facts;
  if (platform === 'linux') return systemd({ name, configHome: join(userConfigPath(environment), '..', '..'), environment, system });
  if (platform === 'darwin') return launchd({ name, home: homeFolder(environment), environment, uid: process.getuid?.() ?? 0 });
  throw new JobError({ code: 'ServiceNotSupported', message: `services of ${platform} are not installed by Nightshift`, hint: platform === 'win32' ? taskOf(facts) : `have the system run: ${quoted(commandOf(facts))}` });
}

/** For the Task Scheduler; within its quotes a quote has a backslash in front. */
function taskOf(facts: ServiceFacts): string {
  const command = commandOf(facts).map((word) => (/^[\w./:\\-]+$/.test(word) ? word : String.raw`\"${word}\"`)).join(' ');
  return `schtasks /Create /SC ONLOGON /TN nightshift-${facts.name} /TR "${command}"`;
}

import { existsSync } from 'node:fs';
import type { CommandLine, Definition, JobErrorFacts } from '@nightshift/sdk';
import { canWake } from './conditions/wake-alarm.ts';
import { findProgram } from './launch/find-program.ts';

/** What of this machine decides what is possible on it. */
export interface Machine {
  readonly environment: NodeJS.ProcessEnv;
  /** Default: this process's. */
  readonly platform?: NodeJS.Platform;
  /** Files of which one lists who is logged in. Default: those of Linux. */
  readonly sessionFiles?: readonly string[];
  /** Root of the file system whose alarm is looked at. Default: this machine's. */
  readonly system?: string;
}

/** systemd's folder of sessions, and the older list of log-ins. */
const SESSION_FILES = ['/run/systemd/sessions', '/run/utmp', '/var/run/utmp'];

/**
 * What a definition asks for that this machine cannot do: no mistake of the file, but not what its author expects. `command`
 * is the program that it describes, if it could be described.
 */
export function notPossibleHere(machine: Machine, definition: Definition, command: CommandLine | undefined): readonly JobErrorFacts[] {
  return [...logOnWarnings(machine, definition), ...wakeWarnings(machine, definition), ...runtimeWarnings(machine, definition, command)];
}

function logOnWarnings({ platform = process.platform, sessionFiles = SESSION_FILES }: Machine, definition: Definition): readonly JobErrorFacts[] {
  if (platform === 'linux' && sessionFiles.some((file) => existsSync(file))) return [];
  const message = 'log-ins cannot be seen on this machine: the trigger "atLogOn" never fires here';
  return (definition.triggers ?? []).flatMap((trigger, index) => (hasKey(trigger, 'atLogOn') ? [warningAt(definition, 'TriggerInvalid', message, ['triggers', index, 'atLogOn'], 'key')] : []));
}

/** Waking a machine takes rights that few users have. */
function wakeWarnings({ platform = process.platform, system = '/' }: Machine, definition: Definition): readonly JobErrorFacts[] {
  if (definition.options?.['wakeToRun'] !== true || (platform === 'linux' && canWake(system))) return [];
  return [warningAt(definition, 'DefinitionValueInvalid', 'this machine cannot be woken by Nightshift: what was due in its sleep is a matter of "catchUp"', ['options', 'wakeToRun'], 'value')];
}

/** The program that was chosen for a script: by its extension, its first line, `shell` or `runtime`. */
function runtimeWarnings({ environment }: Machine, definition: Definition, command: CommandLine | undefined): readonly JobErrorFacts[] {
  const program = runtimeOf(definition, command);
  if (program === undefined) return [];
  const path = command?.environment?.['PATH'] ?? environment['PATH'];
  const found = findProgram(program.word, { PATH: path }, definition.baseFolder ?? '/', true);
  if ('path' in found) return [];
  return [warningAt(definition, 'RuntimeNotFound', found.failed.replace(/^\w+: /, '').replace(/ \(PATH: .*\)$/s, ' in PATH'), ['job', program.key], 'value')];
}

function runtimeOf({ spec }: Definition, command: CommandLine | undefined): { word: string; key: string } | undefined {
  const runtime = hasKey(spec, 'runtime') ? spec['runtime'] : undefined;
  if (typeof runtime === 'string') return { word: runtime.split('@')[0] as string, key: 'runtime' };
  if (command?.scriptFile !== undefined) return { word: command.argv[0], key: 'filePath' };
  if (command?.commandText !== undefined) return { word: command.argv[0], key: hasKey(spec, 'shell') ? 'shell' : 'scriptBlock' };
  return undefined;
}

function warningAt(definition: Definition, code: string, message: string, path: readonly PropertyKey[], at: 'key' | 'value'): JobErrorFacts {
  return { code, message, ...(definition.place?.(path, at) ?? { file: definition.location }) };
}

function hasKey<Key extends string>(value: unknown, key: Key): value is Readonly<Record<Key, unknown>> {
  return typeof value === 'object' && value !== null && Object.hasOwn(value, key);
}

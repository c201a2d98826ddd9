import type { Capabilities, CodeFacts, DescribeRequest } from '@nightshift/sdk';
import type { CheckedSubject } from './check-definition.ts';
import type { CodeLaunch } from './ports/code-launch.ts';
import type { LaunchCommand } from './ports/job-launcher.ts';
import type { RegisteredType } from './registry.ts';

/** Characters of a spec that `get-job` shows. */
const LONGEST_TEXT = 4_096;

/** What a code type is to be run with. `argv` names nothing that anybody starts: the launcher knows what to start. */
export function codeCommand({ type, plugin }: RegisteredType, { raw }: Pick<CheckedSubject, 'raw'>, { workingDirectory, argumentList }: Pick<DescribeRequest<unknown>, 'workingDirectory' | 'argumentList'>): LaunchCommand {
  const reference = { type: type.name, plugin: plugin.name, version: plugin.version, ...(plugin.module === undefined ? {} : { module: plugin.module }) };
  return {
    argv: [type.name],
    commandText: (JSON.stringify(raw) ?? '').slice(0, LONGEST_TEXT),
    workingDirectory,
    code: { reference, spec: raw, argumentList, can: canOf(type.capabilities) },
  };
}

function canOf({ suspend, kill, reattach, input }: Capabilities): CodeLaunch['can'] {
  return Object.fromEntries(Object.entries({ suspend, kill, reattach, input }).filter(([, has]) => has === true));
}

/** What a reader of the run must know besides. */
export function codeFacts({ code }: Pick<LaunchCommand, 'code'>): CodeFacts {
  return code === undefined ? {} : { form: 'code', plugin: code.reference.plugin, can: code.can };
}

import type { Capabilities, CodeFacts, CodeJobType, DescribeRequest } from '@nightshift/sdk';
import type { CheckedSubject } from './check-definition.ts';
import type { CodeLaunch } from './ports/code-launch.ts';
import type { LaunchCommand } from './ports/job-launcher.ts';
import type { RegisteredType } from './registry.ts';

/** Characters of a spec that `get-job` shows. */
const LONGEST_TEXT = 4_096;

/** What a code type is to be run with. `argv` names nothing that anybody starts: the launcher knows what to start. */
export function codeCommand({ type, plugin }: RegisteredType, { raw, spec }: Pick<CheckedSubject, 'raw' | 'spec'>, request: Omit<DescribeRequest<unknown>, 'spec'>): LaunchCommand {
  const reference = { type: type.name, plugin: plugin.name, version: plugin.version, ...(plugin.module === undefined ? {} : { module: plugin.module }), ...(plugin.path === undefined ? {} : { folder: plugin.path }) };
  const { command, cannotSuspend } = (type as CodeJobType<unknown>).foresee?.({ ...request, spec }) ?? {};
  return {
    argv: [type.name],
    commandText: (command ?? JSON.stringify(raw) ?? '').slice(0, LONGEST_TEXT),
    workingDirectory: request.workingDirectory,
    code: { reference, spec: raw, argumentList: request.argumentList, can: canOf(type.capabilities), ...(cannotSuspend === undefined ? {} : { cannotSuspend }) },
  };
}

function canOf({ suspend, kill, reattach, input }: Capabilities): CodeLaunch['can'] {
  return Object.fromEntries(Object.entries({ suspend, kill, reattach, input }).filter(([, has]) => has === true));
}

/** What a reader of the run must know besides. */
export function codeFacts({ code }: Pick<LaunchCommand, 'code'>): CodeFacts {
  return code === undefined ? {} : { form: 'code', plugin: code.reference.plugin, can: code.can, ...(code.cannotSuspend === undefined ? {} : { cannotSuspend: code.cannotSuspend }) };
}

import type { CommandLine, Instance } from '@nightshift/sdk';

/** Its work may go on without any process of ours, and can be taken up again: by a new host of JavaScript, by a new watcher. */
export function outlivesUs({ run }: Pick<Instance, 'run'>): boolean {
  return run?.watches === true || (run?.form === 'code' && run.can?.reattach === true);
}

/** It goes on somewhere, and this machine may have a process that looks after it or not. */
export function isAway(instance: Instance): boolean {
  return instance.state === 'Disconnected' && outlivesUs(instance) && instance.stopReason === undefined;
}

/** What takes up again what a watcher has begun; any other command is the same each time. */
export function wordsToResume<Command extends CommandLine>(command: Command): Command {
  const { reattach, input: _input, inputFile: _inputFile, ...same } = command;
  return reattach === undefined ? command : ({ ...same, argv: reattach, reattach } as unknown as Command);
}

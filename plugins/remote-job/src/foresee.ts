import { resolve } from 'node:path';
import type { DescribeRequest, Foresight } from '@nightshift/sdk';
import type { RemoteSpec } from './spec.ts';

/** The job and each of its children are shown by the same text: what is to run over there. */
export function foreseeRemote(request: DescribeRequest<RemoteSpec>): Foresight {
  const { computerName, hideComputerName } = request.spec;
  return { command: commandText(request.spec, request.workingDirectory, request.argumentList), locations: computerName, hidesLocations: hideComputerName };
}

/** As of a BackgroundJob: the script's own text, the absolute path of a file, or the words as a shell would need them. */
export function commandText({ command, scriptBlock, filePath, argumentList }: RemoteSpec, workingDirectory: string, more: readonly unknown[] = []): string {
  if (scriptBlock !== undefined) return scriptBlock;
  if (filePath !== undefined) return resolve(workingDirectory, filePath);
  return [...(command ?? []), ...argumentList, ...more.map(String)].map(shown).join(' ');
}

const PLAIN_WORD = /^[A-Za-z0-9_@%+=:,./-]+$/;
/** In front, a shell would take these for an assignment or for words of its own language. */
const NO_PROGRAM = /=|^(?:if|then|else|elif|fi|do|done|case|esac|while|until|for|in|function|select|time|coproc)$/;

function shown(word: string, index: number): string {
  return PLAIN_WORD.test(word) && !(index === 0 && NO_PROGRAM.test(word)) ? word : quoted(word);
}

/** One word for a POSIX shell, whatever is in it. */
export function quoted(word: string): string {
  return `'${word.replaceAll("'", String.raw`'\''`)}'`;
}

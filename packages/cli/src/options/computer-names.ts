import { readFileSync } from 'node:fs';
import { COMPUTER_NAME } from '@nightshift/host';
import type { Parsed } from './option-table.ts';
import { usage } from './usage.ts';

/** The computers of a call, in the order given; `-` alone stands for the lines of standard input. Throws `MissingMandatoryParameter`, `ParameterArgumentValidationError`. */
export function computerNames(options: Parsed): readonly string[] {
  const given = options.list('computer-name');
  if (given === undefined) throw usage('MissingMandatoryParameter', 'say on which computers: --computer-name NAME,…', "invoke-command --computer-name web1,web2 'uptime'");
  const names = takesStandardInput(options) ? linesOfInput() : given;
  if (names.length === 0) throw usage('MissingMandatoryParameter', 'standard input names no computer', 'one name a line: invoke-command --computer-name - … < servers.txt');
  for (const name of names) check(name);
  return names;
}

/** Whether the names come from standard input. */
export function takesStandardInput(options: Parsed): boolean {
  const given = options.list('computer-name') ?? [];
  return given.length === 1 && given[0] === '-';
}

function linesOfInput(): readonly string[] {
  return readFileSync(0, 'utf8').split('\n').map((line) => line.trim()).filter((line) => line !== '');
}

function check(name: string): void {
  if (COMPUTER_NAME.test(name)) return;
  const fault = name === '' ? 'a computer has a name; between two commas there is none' : `"${name}" is not a computer's name: a letter or digit, then letters, digits, ".", "_", ":", "@" and "-"`;
  throw usage('ParameterArgumentValidationError', fault, name === '-' ? '- stands alone, for the lines of standard input' : undefined);
}

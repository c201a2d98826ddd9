import { JOB_STATES } from '@nightshift/sdk';
import { describe, expect, test } from 'vitest';
import { wantedAt } from '../../src/completion/wanted.ts';
import { VERBS } from '../tables.ts';

const tables = VERBS.map(({ table }) => table);
const wanted = (...line: string[]) => {
  const { what, before, typed } = wantedAt(line, tables);
  return [what, before, typed];
};

describe('what is wanted behind', () => {
  test.each([
    [['start-job', '--type', 'X', '--definition-name', ''], ['X']],
    [['start-job', '--type=X', '--definition-name', ''], ['X']],
    [['start-job', '-Type', 'X', '-DefinitionName', ''], ['X']],
    [['start-job', '-DefinitionPath', '../x', '--type=X', '-DefinitionName', ''], ['X', '../x']],
    [['start-job', '--definition-name', ''], []],
    [['start-job', '--definition-name', '', '--type'], []],
  ])('%j knows the type and the path that the line names: %j', (line, [expected, place]) => {
    const { type, path } = wantedAt(line, tables);
    expect([type, path]).toEqual([expected, place]);
  });

  test.each([
    ['the umbrella', ['nightshift', ''], ['verb', '', '']],
    ['the umbrella and a part of a verb', ['nightshift', 'sta'], ['verb', '', 'sta']],
    ['the umbrella by its path', ['/usr/local/bin/nightshift', 'sta'], ['verb', '', 'sta']],
    ['the umbrella and a dash', ['nightshift', '-'], [['--help', '--version'], '', '-']],
    ['the umbrella and help', ['nightshift', 'help', 'st'], ['verb', '', 'st']],
    ['a verb by itself', ['get-job', ''], ['job', '', '']],
    ['a verb of the umbrella', ['nightshift', 'get-job', 'Bu'], ['job', '', 'Bu']],
    ['a verb by its file', ['/x/bin/get-job.cjs', 'Bu'], ['job', '', 'Bu']],
    ['a verb that only makes sense of unfinished jobs', ['stop-job', ''], ['unfinished job', '', '']],
    ['a comma between jobs', ['get-job', '1,2,Bu'], ['job', '1,2,', 'Bu']],
    ['the dashes, in a verb about jobs', ['get-job', '--', 'Bu'], ['job', '', 'Bu']],
    ['two dashes', ['get-job', '--'], ['flag', '', '--']],
    ['a part of an option', ['get-job', '--st'], ['flag', '', '--st']],
    ['one dash', ['get-job', '-'], ['flag', '', '-']],
    ['a part of a parameter of PowerShell', ['get-job', '-Sta'], ['parameter', '', '-Sta']],
    ['an option that takes a state', ['get-job', '--state', 'Ru'], [JOB_STATES, '', 'Ru']],
    ['an option and an equals sign', ['get-job', '--state=Ru'], [JOB_STATES, '--state=', 'Ru']],
    ['a parameter of PowerShell and a colon', ['get-job', '-State:Ru'], [JOB_STATES, '-State:', 'Ru']],
    ['a parameter of PowerShell', ['get-job', '-State', 'Ru'], [JOB_STATES, '', 'Ru']],
    ['a comma in a list', ['get-job', '--state', 'Running,Fa'], [JOB_STATES, 'Running,', 'Fa']],
    ['a comma behind an equals sign', ['get-job', '--state=Running,Fa'], [JOB_STATES, '--state=Running,', 'Fa']],
    ['a short option', ['get-job', '-o', ''], [['table', 'wide', 'json', 'jsonl', 'yaml', 'id'], '', '']],
    ['the option for colour', ['get-job', '--color', ''], [['auto', 'always', 'never'], '', '']],
    ['the option for a shell', ['start-job', '--shell', ''], [['sh', 'bash', 'pwsh', 'node', 'python3'], '', '']],
    ['a switch and an equals sign', ['get-job', '--all='], [['true', 'false'], '--all=', '']],
    ['a switch', ['get-job', '--all', 'Bu'], ['job', '', 'Bu']],
    ['an option that takes anything', ['start-job', '--name', ''], [undefined, '', '']],
    ['an option that takes a job', ['get-job', '--name', 'Bu'], ['job', '', 'Bu']],
    ['an option that takes a definition', ['start-job', '--definition-name', 'N'], ['definition', '', 'N']],
    ['an option that takes a job type', ['start-job', '--type', 'S'], ['job type', '', 'S']],
    ['an option that takes computers', ['invoke-command', '--computer-name', 'web1,we'], ['computer', 'web1,', 'we']],
    ['an option that takes a file', ['start-job', '--file-path', 'x'], ['file', '', 'x']],
    ['an option that takes a folder', ['start-job', '--working-directory', ''], ['folder', '', '']],
    ['an option that takes words', ['start-job', '--argument-list', 'a', 'b'], ['file', '', 'b']],
    ['the text of a job', ['start-job', 'ech'], [undefined, '', 'ech']],
    ['the text for other computers', ['invoke-command', '--as-job', 'upt'], [undefined, '', 'upt']],
    ['the dashes, in a verb that starts something', ['start-job', '--', 'ma'], ['program', '', 'ma']],
    ['a program', ['start-job', '--', 'make', 'a'], ['file', '', 'a']],
    ['a program and an option of its own', ['start-job', '--', 'make', '--st'], ['file', '', '--st']],
    ['a verb whose usage says FILE', ['nightshift', 'validate', 'def'], ['file', '', 'def']],
    ['the verb for completion', ['nightshift', 'completion', ''], [['bash', 'zsh', 'fish', 'powershell'], '', '']],
    ['a verb that there is not', ['nightshift', 'xyzzy', ''], [undefined, '', '']],
    ['another program', ['make', ''], [undefined, '', '']],
    ['an option that there is not', ['get-job', '--xyzzy=a'], [undefined, '', '']],
    ['an ambiguous parameter', ['start-job', '-Def:x'], [undefined, '', '']],
    ["a parameter of PowerShell's own host", ['get-job', '-ErrorAction', ''], ['job', '', '']],
    ['a negative number', ['wait-job', '--timeout', '-1', ''], ['unfinished job', '', '']],
    ['nothing at all', [], [undefined, '', '']],
  ])('%s', (_, line, answer) => {
    expect(wanted(...line)).toEqual(answer);
  });
});

test('options that the line has already are known in every spelling', () => {
  expect(wantedAt(['get-job', '--state', 'Running', '-o=id', '-Newest', '3', '-all', '--'], tables).given).toEqual(['state', 'output', 'newest', 'all']);
});

import { execFileSync } from 'node:child_process';
import { mkdirSync, readdirSync, symlinkSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { newProject } from './example-run.ts';

const hasPython = (() => {
  try {
    execFileSync('python3', ['-c', 'import csv'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
})();

describe.skipIf(!hasPython)('with Python', () => {
  const report = async (csv: string, ...columns: string[]) => {
    const project = newProject();
    project.put('definitions/own.csv', csv);
    const list = ['own.csv', ...columns].map((word) => JSON.stringify(word)).join(', ');
    project.put('definitions/Own.yaml', `job:\n  command: [python3, scripts/python-report.py, ${list}]\n`);
    return project.start('Own');
  };

  test('the sums of each group are right', async () => {
    const project = newProject();
    expect((await project.start('PythonReport')).lines).toEqual([
      'contact               2 rows  sum      53.25  mean    26.62  median    26.62',
      'prices                3 rows  sum     134.25  mean    44.75  median    40.00',
      'start                 3 rows  sum      35.50  mean    11.83  median    12.50',
      'python-report: 8 rows in 3 groups, 0 left out',
    ]);
  });

  test('a row whose value is no number is left out, with a warning and its line; the code is 3', async () => {
    expect(await report('who,what\nan,1\nbo,many\nan,2\nbo\n', '--by', 'who', '--value', 'what'))
      .toMatchObject({ code: 3, lines: [expect.stringMatching(/^an +2 rows +sum +3\.00/), 'python-report: 2 rows in 1 groups, 2 left out'], warnings: ["line 3: 'many' is no number", 'line 5: None is no number'] });
  });

  test('a cell cannot begin a line of its own', async () => {
    const { code, lines, warnings } = await report('who,what\n"x\n::warning::forged",1\n', '--by', 'who', '--value', 'what');
    expect({ code, first: lines[0], warnings }).toMatchObject({ code: 0, first: expect.stringMatching(/^x\?::warning::forged +1 rows/), warnings: [] });
  });

  test.each([
    [['--by', 'nobody', '--value', 'what'], 1, "python-report: there is no column 'nobody'"],
    [['--by', 'who'], 2, 'the following arguments are required: --value'],
  ])('%j ends with %i', async (columns, code, sentence) => {
    expect(await report('who,what\n', ...columns)).toMatchObject({ code, stderr: expect.stringContaining(sentence) });
  });
});

test('without Python it says so, and that is no failure', async () => {
  const project = newProject();
  const bin = project.path('bin');
  mkdirSync(bin);
  const programs = ['/usr/local/bin', '/usr/bin', '/bin'].flatMap((folder) => readdirSync(folder).map((name) => [name, join(folder, name)] as const)).filter(([name]) => !/^python|^nightshift|-job$/.test(name));
  for (const [name, target] of new Map(programs)) symlinkSync(target, join(bin, name));
  const ours = project.env['PATH']?.split(delimiter)[0] as string;
  const { code, lines, notices, errors } = await project.start('PythonReport', { PATH: [ours, bin].join(delimiter) });
  expect({ code, lines, notices, errors: errors.length }).toEqual({ code: 0, lines: [], notices: ['there is no python3 here, so there is no report'], errors: 1 });
});

import { describe, expect, test } from 'vitest';
import { parse } from '../../src/options/parse.ts';
import { runSpec, wantsStandardInput } from '../../src/options/run-options.ts';
import { startJob } from '../../src/verbs/start-job.ts';
import { complaint } from '../complaint.ts';

const options = (...argv: string[]) => parse(startJob.table, ['text', ...argv]);
const specOf = (...argv: string[]) => runSpec(options(...argv));

describe('how a command runs is said', () => {
  test.each([
    ['by nothing', [], {}],
    ['by an initialization script', ['--initialization-script', 'f() { :; }'], { initializationScript: 'f() { :; }' }],
    ['by lines of input, in order and never split', ['--input-object', 'a,b', '--input-object', '@file', '--input-object='], { inputObject: ['a,b', '@file', ''] }],
    ["by the caller's input, which is no line", ['--input-object', '-'], {}],
    ['by a runtime', ['--runtime', 'node'], { runtime: 'node' }],
    ['by a runtime of a version', ['--runtime', 'python3@3.12'], { runtime: 'python3@3.12' }],
    ['by a path to a runtime', ['--runtime', '/opt/x y/bin/node'.replace(' ', '-')], { runtime: '/opt/x-y/bin/node' }],
    ['by a time limit', ['--timeout', '1h30m'], { timeout: 5_400_000 }],
    ['by no time at all', ['--timeout', '0'], { timeout: 0 }],
    ['by a grace period', ['-GracePeriod', 'PT0.5S'], { gracePeriod: 500 }],
    ['by exit codes', ['--success-exit-codes', '0,3', '--success-exit-codes', '255'], { successExitCodes: [0, 3, 255] }],
    ['by a format, without case', ['--output-format', 'NDJSON'], { outputFormat: 'ndjson' }],
    ['by merging', ['--merge-streams'], { mergeStreams: true }],
    ['by not merging', ['--merge-streams=false'], {}],
    ['by no stream commands', ['--no-stream-commands'], { streamCommands: false }],
    ['by a user', ['--credential', 'nobody'], { credential: 'nobody' }],
  ])('%s: %j', (_what, argv, spec) => {
    expect(specOf(...argv)).toEqual(spec);
  });
});

describe('what cannot be read is refused', () => {
  test.each([
    [['--success-exit-codes', '256'], 'ParameterArgumentValidationError', '256'],
    [['--success-exit-codes', '-1'], 'ParameterArgumentValidationError', '-1'],
    [['--success-exit-codes', '1.0'], 'ParameterArgumentValidationError', '1.0'],
    [['--success-exit-codes', '0,,3'], 'ParameterArgumentValidationError', '""'],
    [['--success-exit-codes', '0x1'], 'ParameterArgumentValidationError', '0x1'],
    [['--timeout', '5'], 'DurationInvalid', '5'],
    [['--timeout', '-1'], 'DurationInvalid', '-1'],
    [['--grace-period', 'soon'], 'DurationInvalid', 'soon'],
    [['--runtime', ''], 'ParameterArgumentValidationError', '""'],
    [['--runtime', 'node@'], 'ParameterArgumentValidationError', 'node@'],
    [['--runtime', 'node@v22'], 'ParameterArgumentValidationError', 'node@v22'],
    [['--runtime', 'node@22@1'], 'ParameterArgumentValidationError', 'node@22@1'],
    [['--runtime', 'no de'], 'ParameterArgumentValidationError', 'no de'],
  ])('%j is %s', (argv, code, part) => {
    expect(complaint(() => specOf(...argv))).toMatchObject({ code, message: expect.stringContaining(part) });
  });

  test.each([['xml'], ['']])('an --output-format of %j', (format) => {
    expect(complaint(() => specOf(`--output-format=${format}`))).toMatchObject({ code: 'ParameterArgumentValidationError' });
  });
});

describe("the caller's own input", () => {
  test.each([
    [[], false], [['--input-object', 'x'], false], [['--input-object=--'], false], [['--input-object', '-'], true], [['--input-object=-'], true], [['-InputObject', '-'], true],
  ])('of %j becomes that of the job: %s', (argv, wanted) => {
    expect(wantsStandardInput(options(...argv))).toBe(wanted);
  });

  test.each([[['--input-object', '-', '--input-object', 'x']], [['--input-object', 'x', '--input-object', '-']]])('of %j excludes lines', (argv) => {
    for (const read of [wantsStandardInput, runSpec]) expect(complaint(() => read(options(...argv)))).toMatchObject({ code: 'InvalidParameterCombination' });
  });
});

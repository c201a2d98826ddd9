import { describe, expect, test } from 'vitest';
import { cellsOf } from '../../src/print/cells.ts';
import { progressLine, type Bar } from '../../src/print/progress.ts';

const bar = (record: Partial<Bar['record']>, facts: Partial<Bar> = {}): Bar => ({ jobId: 7, record: { activity: 'Copying', ...record }, since: 0, from: 0, ...facts });
const shown = (bars: readonly Bar[], width = 79, look: { symbols?: boolean; colour?: boolean } = {}, now = 0) => progressLine(bars, { symbols: true, colour: false, width, ...look }, now);

describe('a line of progress', () => {
  test('says what is done, how far it is, and what happens now', () => {
    expect(shown([bar({ percent: 50, status: '12 of 24' })])).toBe('Copying  ██████████░░░░░░░░░░   50 %  12 of 24');
  });

  test.each([
    [0, '░░░░░░░░░░░░░░░░░░░░    0 %'], [100, '████████████████████  100 %'], [33.3, '███████░░░░░░░░░░░░░   33 %'], [-5, '░░░░░░░░░░░░░░░░░░░░    0 %'], [250, '████████████████████  100 %'],
  ])('at %f percent is %s', (percent, text) => {
    expect(shown([bar({ percent })])).toBe(`Copying  ${text}`);
  });

  test('has no bar where nobody knows how far it is', () => {
    expect(shown([bar({ status: 'still at it' })])).toBe('Copying  still at it');
  });

  test('says what is left, as fast as it has gone since it was first seen', () => {
    expect(shown([bar({ percent: 25 })], 79, {}, 30_000)).toBe('Copying  █████░░░░░░░░░░░░░░░   25 %  1 min 30 s left');
    expect(shown([bar({ percent: 75 }, { from: 50, since: 10_000 })], 79, {}, 20_000)).toContain('10 s left');
  });

  test.each([
    ['before two seconds have passed', bar({ percent: 50 }), 1_999],
    ['when nothing has moved', bar({ percent: 50 }, { from: 50 }), 60_000],
    ['when it is done', bar({ percent: 100 }), 60_000],
    ['without a percentage', bar({}), 60_000],
  ])('does not guess what is left %s', (_, one, now) => {
    expect(shown([one], 79, {}, now)).not.toContain('left');
  });

  test('believes the job that knows itself what is left', () => {
    expect(shown([bar({ percent: 50, secondsRemaining: 5_400 })])).toContain('1 h 30 min left');
  });

  test.each([
    [79, 'Copying  ██████████░░░░░░░░░░   50 %  12 of 24  30 s left'],
    [50, 'Copying  █████░░░░░   50 %  12 of 24  30 s left'],
    [40, 'Copying  █████░░░░░   50 %  30 s left'],
    [30, 'Copying  █████░░░░░   50 %'],
    [20, 'Copying   50 %'],
    [14, 'Copying   50 %'],
    [12, 'Copy…   50 %'],
  ])('in %i columns leaves out what is least needed: %s', (width, text) => {
    expect(shown([bar({ percent: 50, status: '12 of 24' })], width, {}, 30_000)).toBe(text);
  });

  test('is drawn in ASCII where the terminal knows nothing else', () => {
    expect(shown([bar({ percent: 50 })], 79, { symbols: false })).toBe('Copying  [##########..........]   50 %');
    expect(shown([bar({ activity: 'x'.repeat(100), percent: 50 })], 30, { symbols: false })).toMatch(/^x+~ {3}50 %$/);
  });

  test('shows control characters of a job and never obeys them', () => {
    expect(shown([bar({ activity: 'a\u001b[2K\nb', status: '\u009b\r' })])).toBe('a\\x1b[2K\\nb  \\x9b\\r');
  });

  test.each([79, 50, 36, 20, 10])('is never wider than %i columns, also with wide letters', (width) => {
    for (const record of [{ activity: '日本語'.repeat(20), percent: 5, status: '語'.repeat(50) }, { activity: 'a'.repeat(200) }, { activity: 'a', status: 'b'.repeat(200) }]) {
      expect(cellsOf(shown([bar(record)], width, {}, 60_000))).toBeLessThanOrEqual(width);
    }
  });
});

describe('several activities', () => {
  const two = [bar({ percent: 50 }), bar({ activity: 'Scanning', percent: 10 }, { jobId: 9 })];

  test('stand side by side, each with the id of its job', () => {
    expect(shown(two)).toBe('7 Copying  █████░░░░░   50 %   9 Scanning  █░░░░░░░░░   10 %');
  });

  test('are counted where there is no room for them', () => {
    expect(shown([...two, bar({ activity: 'Third' }, { jobId: 11 })])).toMatch(/ \+1$/);
    expect(shown(two, 40)).toMatch(/^7 Copying .* \+1$/);
  });

  test.each([200, 79, 50, 30, 12])('are never wider than %i columns together', (width) => {
    const many = Array.from({ length: 9 }, (_, index) => bar({ activity: `Activity number ${index}`, percent: index * 10, status: 'of many' }, { jobId: index }));
    expect(cellsOf(shown(many, width, {}, 60_000))).toBeLessThanOrEqual(width);
  });
});

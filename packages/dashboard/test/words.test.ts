import { describe, expect, test } from 'vitest';
import { STATE_LOOKS as ON_A_TERMINAL } from '../../cli/src/print/states.ts';
import { daysOfMonth, isDay, shifted, weekday } from '../ui/screens/calendar/days.ts';
import { plainText, spansOf } from '../ui/log/ansi.ts';
import { visible } from '../ui/words/safe-text.ts';
import { STATE_LOOKS } from '../ui/words/states.ts';
import { clockToSecond, dayOf, durationText, relative, showTimesIn, sizeText, whenText } from '../ui/words/times.ts';

test('states look as on a terminal: the same symbols, the same colours', () => {
  expect(STATE_LOOKS).toEqual(ON_A_TERMINAL);
});

describe('times', () => {
  const at = Date.parse('2027-03-28T00:59:59Z');

  test('are told in the zone of the server, whatever that of the browser is', () => {
    showTimesIn('Europe/Berlin');
    expect([clockToSecond(at), clockToSecond(at + 1_000)]).toEqual(['01:59:59', '03:00:00']);
    showTimesIn('Pacific/Auckland');
    expect(dayOf(Date.parse('2026-12-31T12:00:00Z'))).toBe('2027-01-01');
    showTimesIn('UTC');
  });

  test('a zone that the browser does not know leaves them readable', () => {
    showTimesIn('Nowhere/Else');
    expect(clockToSecond(at)).toMatch(/^\d\d:\d\d:\d\d$/);
    showTimesIn('UTC');
  });

  test.each([
    [at, at, '00:59'],
    [at, at + 86_400_000, 'Sun 28 Mar 00:59'],
    [at, at + 400 * 86_400_000, 'Sun 28 Mar 2027 00:59'],
  ] as const)('%i seen from %i is %s', (moment, now, text) => {
    expect(whenText(moment, now)).toBe(text);
  });

  test.each([[0, '0 ms'], [999, '999 ms'], [1_000, '1 s'], [61_000, '1 min 1 s'], [5_400_000, '1 h 30 min'], [172_800_000, '2 d']] as const)('%i ms is %s', (milliseconds, text) => {
    expect(durationText(milliseconds)).toBe(text);
  });

  test.each([[-10, 'now'], [90_000, 'in 1 min'], [-36_000_000, '10 h ago']] as const)('%i ms away is %s', (away, text) => {
    expect(relative(at + away, at)).toBe(text);
  });

  test.each([[0, '0 B'], [999, '999 B'], [1_000, '1.0 kB'], [1_204_551, '1.2 MB'], [2 ** 30, '1.1 GB']] as const)('%i bytes are %s', (bytes, text) => {
    expect(sizeText(bytes)).toBe(text);
  });
});

describe('days', () => {
  test.each([
    ['2028-02-29', 1, 'month', '2028-03-29'],
    ['2027-03-31', -1, 'month', '2027-02-28'],
    ['2027-12-31', 1, 'month', '2028-01-31'],
    ['2027-03-28', 1, 'day', '2027-03-29'],
  ] as const)('%s and %i %s is %s', (day, by, unit, later) => {
    expect(shifted(day, by, unit)).toBe(later);
  });

  test('a month has its days, and a text that is no day is none', () => {
    expect(daysOfMonth('2028-02-11')).toEqual(['2028-02-01', 29]);
    expect(weekday('2026-11-23')).toBe('Monday');
    expect(['2027-02-30', '2027-13-01', '2027-1-1', '', null].filter(isDay)).toEqual([]);
  });
});

describe('colours of a line', () => {
  test.each([
    ['\u001b[31mred\u001b[0m plain', [['red', 'ansi-1'], [' plain', '']]],
    ['\u001b[1;4;92mbold\u001b[22m no\u001b[24m', [['bold', 'ansi-10 ansi-bold ansi-under'], [' no', 'ansi-10 ansi-under']]],
    ['\u001b[38;5;196mpalette\u001b[39m', [['palette', 'ansi-1']]],
    ['\u001b[38;2;20;200;30mtrue\u001b[m', [['true', 'ansi-2']]],
    ['\u001b[48;5;4mground', [['ground', 'ansi-on-4']]],
    ['windows\r', [['windows', '']]],
  ] as const)('%j', (line, spans) => {
    expect(spansOf(line).map(({ text, look }) => [text, look])).toEqual(spans);
  });

  test.each(['\u001b[2J', '\u001b]8;;http://evil.example\u0007link\u001b]8;;\u0007', '\u001b[?25l', '\u009b31m', 'a\rb', '\u202egnp.exe', '\u001b[31'])('%j is shown, and does nothing', (line) => {
    const shown = spansOf(line).map(({ text }) => text).join('');
    // oxlint-disable-next-line no-control-regex -- that none is left
    expect(shown).not.toMatch(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/);
    expect(shown).toMatch(/\\x|\\u/);
  });

  test('no class comes from the text', () => {
    const looks = Array.from({ length: 256 }, (_, code) => spansOf(`\u001b[${code};38;5;${code};48;2;${code};0;9mx`)).flat().map(({ look }) => look);
    expect(looks.join(' ').split(' ').filter((name) => name !== '' && !/^ansi-(on-)?(\d{1,2}|bold|dim|italic|under|inverse|struck)$/.test(name))).toEqual([]);
  });

  test('the text alone has no colours left', () => {
    expect(plainText('\u001b[32mok\u001b[0m done\r')).toBe('ok done');
  });
});

test('what would move a cursor or turn text around is visible in names', () => {
  expect(visible('a\u001b[31mb\u202ec\u0000\nd\te')).toBe('a\\x1b[31mb\\u202ec\\x00\nd\te');
});

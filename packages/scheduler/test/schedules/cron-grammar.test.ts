import { describe, expect, test } from 'vitest';
import { readCronText } from '../../src/schedules/cron-grammar.ts';
import { readCronFields } from '../../src/schedules/cron-language.ts';
import { oneOf, seeded } from '../seeded.ts';

function fieldsOf(text: string): string {
  const read = readCronText(text);
  return 'value' in read ? read.value.fields.join(' ') : `refused: ${read.faults.map(({ message }) => message).join('; ')}`;
}

describe('an expression', () => {
  test.each([
    ['* * * * *', '0 * * * * *'],
    ['? ? ? ? ?', '0 * * * * *'],
    ['  0\t3  * * *\n', '0 0 3 * * *'],
    ['30 0 3 * * *', '30 0 3 * * *'],
    ['*/20 */12 */15 */6 */3', '0 0,20,40 0,12 1,16,31 1,7 0,3,6'],
    ['05 007 0001 1 1', '0 5 7 1 1 1'],
    ['10-20/5 * * * *', '0 10,15,20 * * * *'],
    ['58-1 22-2 30-2 nov-feb fri-mon', '0 58,59,0,1 22,23,0,1,2 30,31,1,2 11,12,1,2 5,6,0,1'],
    ['0 22-4/2 * * *', '0 0 22,0,2,4 * * *'],
    ['0 0 * * 5-7', '0 0 0 * * 5,6,0'],
    ['0 0 * * 7-2', '0 0 0 * * 0,1,2'],
    ['0 0 * * 0-7', '0 0 0 * * 0,1,2,3,4,5,6'],
    ['0 0 * * 7', '0 0 0 * * 0'],
    ['0 0 * * sunday,SAT', '0 0 0 * * 0,6'],
    ['0 0 * January,may *', '0 0 0 * 1,5 *'],
    ['5,5,5,*/30 * * * *', '0 5,0,30 * * * *'],
    ['5,* * * * *', '0 * * * * *'],
    ['0 0 L,l-3,15w,LW,07W * *', '0 0 0 L,L-3,15W,LW,7W * *'],
    ['0 0 * * fri#2,7#1,monl,5L', '0 0 0 * * 5#2,0#1,1L,5L'],
    ['@yearly', '0 0 0 1 1 *'],
    ['@Annually', '0 0 0 1 1 *'],
    ['@monthly', '0 0 0 1 * *'],
    ['@weekly', '0 0 0 * * 0'],
    ['@daily', '0 0 0 * * *'],
    ['@midnight', '0 0 0 * * *'],
    ['@hourly', '0 0 * * * *'],
  ])('%j means %s', (text, fields) => {
    expect(fieldsOf(text)).toBe(fields);
  });

  test.each([
    ['0 3 * * *', true],
    ['0,30 2-4 * * *', true],
    ['0 22-2 */2 * 1', true],
    ['0 0 3 * * *', true],
    ['*/10 0 3 * * *', false],
    ['* 0 3 * * *', false],
    ['*/30 2 * * *', false],
    ['0 * * * *', false],
    ['0 */2 * * *', false],
    ['0 ? * * *', false],
    ['@daily', true],
    ['@hourly', false],
  ])('%s names times of day: %s', (text, fixedTime) => {
    expect(readCronText(text)).toMatchObject({ value: { fixedTime } });
  });
});

describe('an expression is refused, naming field and range', () => {
  test.each([
    ['61 * * * *', 'minute 61 is not in 0-59'],
    ['60 0 0 * * *', 'second 60 is not in 0-59'],
    ['* 24 * * *', 'hour 24 is not in 0-23'],
    ['* * 0 * *', 'day-of-month 0 is not in 1-31'],
    ['* * 32 * *', 'day-of-month 32 is not in 1-31'],
    ['* * * 13 *', 'month 13 is not in 1-12 or jan-dec'],
    ['* * * * 8', 'day-of-week 8 is not in 0-7 or sun-sat'],
    ['1-61 * * * *', 'minute 61 is not in 0-59'],
    ['99999 * * * *', 'minute 99999 is not in 0-59'],
    ['00001 * * * *', 'minute 00001 is not in 0-59'],
    ['0-1000000000 * * * *', 'minute 1000000000 is not in 0-59'],
    ['1000000000-0 * * * *', 'minute 1000000000 is not in 0-59'],
    ['*/0 * * * *', 'minute step 0 is not in 1-59'],
    ['*/60 * * * *', 'minute step 60 is not in 1-59'],
    ['*/99999 * * * *', 'minute step 99999 is not in 1-59'],
    ['*/-1 * * * *', 'minute "*/-1" is not in 0-59'],
    ['*/ * * * *', 'minute step "" is not in 1-59'],
    ['5/15 * * * *', 'minute "5/15" steps through no range of 0-59'],
    ['?/15 * * * *', 'minute "?" is not in 0-59'],
    ['*-5 * * * *', 'minute "*" is not in 0-59'],
    ['1--5 * * * *', 'minute "1--5" is not in 0-59'],
    ['1-2-3 * * * *', 'minute "1-2-3" is not in 0-59'],
    ['*/2/2 * * * *', 'minute "*/2/2" is not in 0-59'],
    ['1,,2 * * * *', 'minute "" is not in 0-59'],
    [', * * * *', 'minute "" is not in 0-59'],
    ['-1 * * * *', 'minute "-1" is not in 0-59'],
    ['1.5 * * * *', 'minute "1.5" is not in 0-59'],
    ['1e1 * * * *', 'minute "1e1" is not in 0-59'],
    ['0x1 * * * *', 'minute "0x1" is not in 0-59'],
    ['H * * * *', 'minute "H" is not in 0-59'],
    ['L * * * *', 'minute "L" is not in 0-59'],
    ['jan * * * *', 'minute "jan" is not in 0-59'],
    ['５ * * * *', 'minute "５" is not in 0-59'],
    ['٣ * * * *', 'minute "٣" is not in 0-59'],
    ['* * * ſep *', 'month "ſep" is not in 1-12 or jan-dec'],
    ['* * L-0 * *', 'day-of-month "L-0" is not in L-1 to L-30'],
    ['* * L-31 * *', 'day-of-month "L-31" is not in L-1 to L-30'],
    ['* * 32W * *', 'day-of-month "32W" is not in 1W to 31W'],
    ['* * 1-5W * *', 'day-of-month "5W" is not in 1-31'],
    ['* * W * *', 'day-of-month "W" is not in 1-31'],
    ['* * * * L', 'day-of-week "L" is not in 0L to 7L or 0#1 to 7#5'],
    ['* * * * 8L', 'day-of-week "8L" is not in 0L to 7L or 0#1 to 7#5'],
    ['* * * * 1#6', 'day-of-week "1#6" is not in 0#1 to 7#5'],
    ['* * * * 1#', 'day-of-week "1#" is not in 0#1 to 7#5'],
    ['* * * * toString', 'day-of-week "toString" is not in 0-7 or sun-sat'],
    ['', 'the cron expression has 0 fields, it needs 5, or 6 with the second first'],
    ['*', 'the cron expression has 1 field, it needs 5, or 6 with the second first'],
    ['* * * *', 'the cron expression has 4 fields, it needs 5, or 6 with the second first'],
    ['* * * * * * *', 'the cron expression has 7 fields, it needs 5, or 6 with the second first'],
    ['*\u00a0* * * *', 'the cron expression has 4 fields, it needs 5, or 6 with the second first'],
    ['* * * *\n*', 'the cron expression has 4 fields, it needs 5, or 6 with the second first'],
    ['@reboot', '@reboot is a trigger of its own kind'],
    ['@every 1h30m', '@every is a trigger of its own kind'],
    ['@dialy', '"@dialy" is none of @yearly @annually @monthly @weekly @daily @midnight @hourly'],
    ['@daily 5', '"@daily 5" is none of @yearly @annually @monthly @weekly @daily @midnight @hourly'],
    ['@__proto__', '"@__proto__" is none of @yearly @annually @monthly @weekly @daily @midnight @hourly'],
  ])('%j: %s', (text, message) => {
    const read = readCronText(text);
    expect(read).toMatchObject({ faults: [{ code: 'CronExpressionInvalid', message, ...(message.includes(' is not in ') && { hint: expect.any(String) }) }] });
  });

  test.each([
    ['*/90 * * * *', 'for a rhythm of its own write the trigger as  every: 90m'],
    ['5/15 * * * *', 'write 5-59/15'],
    ['0 0 * * frid', 'did you mean "fri"?'],
    ['0 0 * febuary *', 'did you mean "february"?'],
    ['@dialy', 'did you mean "@daily"?'],
    ['0 0 0 * * 8', 'second minute hour day-of-month month day-of-week'],
    ['0 0 * * 8', 'minute hour day-of-month month day-of-week'],
  ])('%s with the hint "%s"', (text, hint) => {
    expect(readCronText(text)).toMatchObject({ faults: [{ hint }] });
  });

  test('with a complaint about each wrong field', () => {
    expect(fieldsOf('61 24 0 13 8')).toBe(
      'refused: minute 61 is not in 0-59; hour 24 is not in 0-23; day-of-month 0 is not in 1-31; month 13 is not in 1-12 or jan-dec; day-of-week 8 is not in 0-7 or sun-sat',
    );
  });
});

describe('a hostile expression', () => {
  const LIST = '0-59,'.repeat(49);
  test.each([
    ['a huge range', '0-1000000000 * * * *'],
    ['a larger one', '0-10000000 * * * *'],
    ['100,000 characters', '*'.repeat(100_000)],
    ['100,000 blanks', `${' '.repeat(100_000)}* * * * *`],
    ['100,000 commas', `${','.repeat(100_000)} * * * *`],
    ['257 characters', `${'0,'.repeat(124)}0 * * * *`],
    ['256 blanks', ' '.repeat(256)],
    ['a list of whole fields', `${LIST}61 * * *`],
    ['many dashes', `${'-'.repeat(240)} * * * *`],
    ['many slashes', `*${'/'.repeat(240)} * * * *`],
    ['many digits', `${'9'.repeat(240)} * * * *`],
    ['many hashes', `* * * * ${'#'.repeat(240)}`],
    ['many Ls', `* * ${'L'.repeat(240)} * *`],
    ['step zero', '*/0 */0 */0 */0 */0'],
    ['seven fields', '* * * * * * *'],
    ['digits of another script', '١ ٢ ٣ ٤ ٥'],
    ['zero bytes', '\0 \0 \0 \0 \0'],
  ])('of %s is refused within 10 ms', (_what, text) => {
    let fastest = Infinity;
    for (let round = 0; round < 5; round++) {
      const start = performance.now();
      expect(readCronText(text)).toHaveProperty('faults');
      fastest = Math.min(fastest, performance.now() - start);
    }
    expect(fastest).toBeLessThan(10);
  });

  test('of 256 characters that is valid is read within 10 ms, and no list grows longer than its field', () => {
    const text = `${LIST}0 * * * *`.padEnd(256);
    let fastest = Infinity;
    for (let round = 0; round < 5; round++) {
      const start = performance.now();
      const read = readCronText(text);
      const fields = 'value' in read ? readCronFields(read.value) : undefined;
      fastest = Math.min(fastest, performance.now() - start);
      expect(fields).toMatchObject({ value: { minute: { length: 60 } } });
    }
    expect(fastest).toBeLessThan(10);
  });
});

describe('10,000 random texts', () => {
  const PIECES = ['*', '?', '0', '1', '5', '07', '15', '31', '59', '60', '9999', '10000', '-', '-', ',', ',', '/', '/', '#', 'L', 'W', 'l', 'LW', 'L-3', 'mon', 'FRI', 'dec', 'january', '@daily', '@', ' ', '٣', '\0', '\n', '💥', '__proto__', '1#2', '5L', '15W', '*/2', '1-5', '22-2'];

  const PLAIN = ['*', '?', '1', '5', '07', '1,5', '*/2', '1-5', '5-1', '3-1/2', '1,2-4,*/5'];

  test('are each accepted or refused with CronExpressionInvalid, and what is accepted node-cron accepts too', () => {
    const random = seeded(20_261_122);
    let accepted = 0;
    for (let round = 0; round < 10_000; round++) {
      const wild = (): string => Array.from({ length: 1 + Math.floor(random() * 6) }, () => oneOf(random, PIECES)).join('');
      const field = (): string => (random() < 0.7 ? oneOf(random, PLAIN) : wild());
      const text = Array.from({ length: oneOf(random, [4, 5, 5, 5, 5, 5, 6, 6, 7]) }, field).join(' ');
      const read = readCronText(text);
      if ('faults' in read) {
        expect(read.faults.map(({ code }) => code), text).toEqual(read.faults.map(() => 'CronExpressionInvalid'));
        continue;
      }
      accepted++;
      expect(readCronFields(read.value), text).toHaveProperty('value');
    }
    // Both sides of the border were walked on.
    expect(accepted).toBeGreaterThan(200);
    expect(accepted).toBeLessThan(9_000);
  });
});

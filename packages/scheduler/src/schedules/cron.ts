import { fault, describe, type Complaint, type Read, type Reader } from '../complaint.ts';
import type { Schedule } from '../schedule.ts';
import { defineKind, type ReadKind, type Setting } from '../trigger-kind.ts';
import { wallAt } from '../zone.ts';
import { dayFieldsDiffer } from './cron-days.ts';
import { MOST_CHARACTERS, readCronText, type CronText } from './cron-grammar.ts';
import { readCronFields, type CronFields } from './cron-language.ts';
import { cronWalls } from './cron-walls.ts';
import { remember } from './remember.ts';
import { HORIZON_YEARS, elapsedTime, fixedTime } from './wall-clock.ts';

const HORIZON = HORIZON_YEARS * 366 * 86_400_000;

interface Cron extends Pick<CronText, 'fixedTime' | 'bothDays'> {
  /** As written. */
  readonly expression: string;
  readonly fields: CronFields;
}

const readOnce = remember<Read<Cron>>();
const scheduleOnce = remember<Schedule>();

const cronExpression: Reader<Cron> = (value) => {
  if (typeof value !== 'string') return fault('CronExpressionInvalid', `${describe(value)} is not a cron expression`, 'quote the expression: "*/15 * * * *"');
  return value.length > MOST_CHARACTERS ? readCron(value) : readOnce(value, () => readCron(value));
};

function readCron(value: string): Read<Cron> {
  const text = readCronText(value);
  if ('faults' in text) return text;
  const fields = readCronFields(text.value);
  if ('faults' in fields) return fields;
  return { value: { expression: value.trim().replaceAll(/\s+/g, ' '), fields: fields.value, fixedTime: text.value.fixedTime, bothDays: text.value.bothDays } };
}

/** Times by the calendar, in the language of cron tables. */
export const cron: ReadKind = defineKind({
  example: '"*/15 * * * *"',
  plain: 'expression',
  mandatory: { expression: cronExpression },
  optional: {},
  rules: [{ about: 'expression', reads: ['expression'], broken: ({ expression }, setting) => neverFires(expression as Cron, setting) }],
  warnings: [{ about: 'expression', reads: ['expression'], broken: ({ expression }, setting) => twoReadings(expression as Cron, setting) }],
  words: ({ expression }, setting) => wordsOf(expression, setting),
  schedule: ({ expression }, setting) => scheduleOf(expression, setting),
});

async function wordsOf({ fields, bothDays, expression }: Cron, { zone, dayMatch = 'or' }: Setting): Promise<string> {
  const { cronWords } = await import('../words/cron-words.ts');
  return `${cronWords(fields, bothDays ? dayMatch : undefined)}, ${zone.name} (${expression})`;
}

function scheduleOf({ expression, fields, fixedTime: isFixed, bothDays }: Cron, { zone, dayMatch = 'or' }: Setting): Schedule {
  const match = bothDays ? dayMatch : 'and';
  return scheduleOnce(`${zone.name} ${match} ${expression}`, () => {
    const walls = cronWalls(fields, match);
    return isFixed ? fixedTime(zone, walls) : elapsedTime(zone, walls);
  });
}

function neverFires(cron: Cron, setting: Setting): Complaint | undefined {
  const first = scheduleOf(cron, setting).next(setting.now)?.dueAt;
  if (first !== undefined && first.getTime() - setting.now.getTime() <= HORIZON) return undefined;
  return { code: 'CronNeverFires', message: `the cron expression has no due time within ${HORIZON_YEARS} years`, hint: 'no date fits day-of-month, month and day-of-week together' };
}

/** Whoever wrote `dayMatch` has chosen, and is not asked again. */
function twoReadings({ fields, bothDays }: Cron, { zone, now, dayMatch }: Setting): Complaint | undefined {
  if (!bothDays || dayMatch !== undefined || !dayFieldsDiffer(fields, wallAt(zone, now.getTime()))) return undefined;
  const message = 'day-of-month and day-of-week are both restricted; a day matches if either does';
  return { code: 'CronDayMatch', message, hint: 'write dayMatch: or beside cron to say so, dayMatch: and to ask for both' };
}

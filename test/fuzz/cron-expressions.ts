// Texts that resemble cron expressions: of the right form, nearly so, and not at all.

import * as fc from 'fast-check';

const NAMES = ['jan', 'FEB', 'march', 'Dec', 'sun', 'MON', 'friday', 'Sat', 'mo', 'janu', 'lundi'];
const PIECES = [
  '*', '?', 'L', 'LW', 'l', 'W', '15W', '0W', '32W', 'L-3', 'L-31', 'L-0', '5#3', '5#6', 'fri#1', '7#5', '5L', 'friL', '#', '#1', 'L#1', '*/5', '*/0', '*/60', '*/9999', '/5', '5/', '5/10', '1-5/2', '*/*', '22-2', 'fri-mon', 'nov-feb',
  '0-59', '59-0', '1-', '-1', '--', ',', ',,', '1,', '*,5', '00', '0007', '00007', '99999', '9'.repeat(40), '0-999999999', '1e9', '0x1F', '1.5', '+1', '٥', '５', 'é', '\u0130', '\u0131', 'H', 'H/5', '@', '$', '%', '(', '[', '{1..9}', '!', '~', '\\', "'", '"', '\u0000', '\u001b[31m', '\u009b', '\u202e', '\u00a0', '\u2003', '',
];
const NUMBERS = fc.oneof(fc.nat(60), fc.nat(24), fc.integer({ min: -5, max: 10_000 })).map(String);

const simple = fc.oneof({ weight: 4, arbitrary: NUMBERS }, { weight: 2, arbitrary: fc.constantFrom(...NAMES) }, { weight: 3, arbitrary: fc.constant('*') }, { weight: 2, arbitrary: fc.constantFrom(...PIECES) });
const range = fc.tuple(simple, simple).map(([from, to]) => `${from}-${to}`);
const step = fc.tuple(fc.oneof(simple, range), NUMBERS).map(([of, by]) => `${of}/${by}`);
const field = fc.oneof(
  { weight: 6, arbitrary: simple },
  { weight: 2, arbitrary: range },
  { weight: 2, arbitrary: step },
  { weight: 2, arbitrary: fc.array(fc.oneof(simple, range, step), { minLength: 2, maxLength: 5 }).map((parts) => parts.join(',')) },
);
const blanks = fc.constantFrom(' ', ' ', ' ', ' ', '  ', '\t', '\n', '\u00a0', '');
/** Five fields that most often mean something. */
const likely = fc.tuple(
  fc.oneof(fc.nat(59).map(String), fc.constantFrom('*', '*/15', '0,30', '58-1')), fc.oneof(fc.nat(23).map(String), fc.constantFrom('*', '8-18', '22-2')),
  fc.oneof(fc.constant('*'), fc.integer({ min: 1, max: 31 }).map(String), fc.constantFrom('L', 'LW', '15W', '*/2', '?')), fc.oneof(fc.constant('*'), fc.integer({ min: 1, max: 12 }).map(String), fc.constantFrom('jan', '2', '2,4,6')),
  fc.oneof(fc.constant('*'), fc.nat(7).map(String), fc.constantFrom('mon-fri', '5#3', '5L', 'sun', '?')),
).map((fields) => fields.join(' '));

export const cronExpressions: fc.Arbitrary<string> = fc.oneof(
  { weight: 4, arbitrary: likely },
  { weight: 6, arbitrary: fc.tuple(fc.array(fc.tuple(field, blanks), { minLength: 5, maxLength: 6 })).map(([fields]) => fields.flat().join('')) },
  { weight: 1, arbitrary: fc.array(fc.tuple(field, blanks), { maxLength: 9 }).map((fields) => fields.flat().join('')) },
  { weight: 1, arbitrary: fc.constantFrom('@yearly', '@Annually', '@monthly', '@weekly', '@daily', '@midnight', '@hourly', '@reboot', '@every 5m', '@every', '@', '@dailyy', '@daily 5', '  @daily  ') },
  { weight: 1, arbitrary: fc.tuple(field, fc.integer({ min: 20, max: 400 })).map(([part, times]) => `${Array.from({ length: times }, () => part).join(',')} * * * *`) },
  { weight: 1, arbitrary: fc.array(fc.oneof(fc.nat(0x7f), fc.nat(0x10ffff)), { maxLength: 40 }).map((points) => String.fromCodePoint(...points)) },
);

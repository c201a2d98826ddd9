import type { Schedule } from '../schedule.ts';
import { defineKind, type ReadKind } from '../trigger-kind.ts';
import { duration, text } from '../trigger-values.ts';
import { durationWords } from '../words/value-words.ts';

/** What waits for an event has no due times; the scheduler sees the event. */
const unforeseen: Schedule = { next: () => undefined, count: () => 0 };

/** Here the delay is fixed, not random. */
function after(delay: number | undefined): string {
  return delay === undefined || delay === 0 ? 'at ' : `${durationWords(delay)} after `;
}

/** Once per boot. */
export const atStartup: ReadKind = defineKind({
  example: '{}',
  mandatory: {},
  optional: { randomDelay: duration },
  isEvent: true,
  words: ({ randomDelay }, setting) => `${after(setting.randomDelay ?? randomDelay)}the first start of the scheduler after each boot`,
  schedule: () => unforeseen,
});

/** Once per new login session of a user, or of everybody. */
export const atLogOn: ReadKind = defineKind({
  example: '{ user: "*" }',
  mandatory: {},
  optional: { user: text, randomDelay: duration },
  isEvent: true,
  words: ({ user = '*', randomDelay }, setting) => `${after(setting.randomDelay ?? randomDelay)}each log-on of ${user === '*' ? 'anybody' : user}`,
  schedule: () => unforeseen,
});

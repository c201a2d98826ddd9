import { defineKind, type ReadKind } from '../trigger-kind.ts';
import { duration, text } from '../trigger-values.ts';

/** What waits for an event has no due times; the scheduler sees the event. */
const unforeseen = { next: () => undefined };

/** Once per boot. */
export const atStartup: ReadKind = defineKind({
  example: '{}',
  mandatory: {},
  optional: { randomDelay: duration },
  schedule: () => unforeseen,
});

/** Once per new login session of a user, or of everybody. */
export const atLogOn: ReadKind = defineKind({
  example: '{ user: "*" }',
  mandatory: {},
  optional: { user: text, randomDelay: duration },
  schedule: () => unforeseen,
});

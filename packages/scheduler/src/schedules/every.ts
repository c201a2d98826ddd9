import { dueAt } from '../schedule.ts';
import { defineKind, type ReadKind } from '../trigger-kind.ts';
import { someDuration } from '../trigger-values.ts';
import { durationWords } from '../words/value-words.ts';

/** Elapsed time, counted from the instant the trigger was first seen; the first one is due when it has passed once. */
export const every: ReadKind = defineKind({
  example: '10m',
  plain: 'duration',
  mandatory: { duration: someDuration },
  optional: {},
  words: ({ duration }) => `every ${durationWords(duration)}, counted from the moment it is first seen`,
  schedule: ({ duration }, _setting, knownSince) => ({
    next(after) {
      const since = knownSince.getTime();
      const times = Math.floor((after.getTime() - since) / duration) + 1;
      return dueAt(since + Math.max(1, times) * duration);
    },
  }),
});

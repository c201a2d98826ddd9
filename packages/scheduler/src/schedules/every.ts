import { countOf, dueAt } from '../schedule.ts';
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
  schedule({ duration }, _setting, knownSince) {
    const since = knownSince.getTime();
    const passed = (instant: number): number => Math.max(0, Math.floor((instant - since) / duration));
    return {
      next: (after) => dueAt(since + (passed(after.getTime()) + 1) * duration),
      count: countOf((after, until) => passed(until) - passed(after)),
    };
  },
});

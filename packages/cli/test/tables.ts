import type { VerbTable } from '../src/options/option-table.ts';
import type { Verb } from '../src/verb.ts';
import { JOB_VERBS } from '../src/main.ts';
import { everyVerb } from '../src/umbrella/umbrella.ts';

export const VERBS: readonly Verb[] = everyVerb(JOB_VERBS);

/** One option of every kind. */
export const sample: VerbTable = {
  name: 'sample-job',
  summary: 'does nothing',
  examples: ['sample-job 7'],
  usage: ['[WORD] [options]'],
  words: 2,
  options: {
    keep: { kind: 'switch', help: 'a switch' },
    follow: { kind: 'switch', short: 'f', help: 'a switch with a letter' },
    name: { kind: 'text', help: 'a text' },
    timeout: { kind: 'text', aliases: ['TimeoutSec'], help: 'another text' },
    shell: { kind: 'text', oneOf: ['sh', 'bash'], help: 'one of two words' },
    id: { kind: 'list', help: 'a list' },
    state: { kind: 'list', oneOf: ['Running', 'Failed'], help: 'a list of known words' },
    env: { kind: 'texts', help: 'a text, again and again' },
    'argument-list': { kind: 'words', aliases: ['Args'], help: 'words' },
    'definition-name': { kind: 'text', help: 'a name' },
    'definition-path': { kind: 'text', help: 'a path' },
    force: { kind: 'switch', aliases: ['F'], help: 'a switch with an alias of one letter' },
  },
};

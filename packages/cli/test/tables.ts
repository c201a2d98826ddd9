import type { VerbTable } from '../src/options/option-table.ts';
import type { Verb } from '../src/verb.ts';
import { doctor } from '../src/umbrella/doctor.ts';
import { validate } from '../src/umbrella/validate.ts';
import { getJobType } from '../src/verbs/get-job-type.ts';
import { getJob } from '../src/verbs/get-job.ts';
import { receiveJob } from '../src/verbs/receive-job.ts';
import { removeJob } from '../src/verbs/remove-job.ts';
import { startJob } from '../src/verbs/start-job.ts';
import { stopJob } from '../src/verbs/stop-job.ts';
import { waitJob } from '../src/verbs/wait-job.ts';

export const VERBS: readonly Verb[] = [startJob, getJob, receiveJob, waitJob, stopJob, removeJob, getJobType, validate, doctor];

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

import { readSync } from 'node:fs';
import type { JobView } from '@nightshift/host';
import { JobError, type JobState } from '@nightshift/sdk';
import { sanitiseLine } from '../print/sanitise.ts';
import { isTerminal, writeError } from '../print/terminal.ts';
import type { Option, Parsed } from './option-table.ts';

/** Of every verb that changes something. Source: jobs.md 6.8. */
export const APPROVAL_OPTIONS: Readonly<Record<string, Option>> = {
  'what-if': { kind: 'switch', help: 'say what would be done, and do nothing' },
  confirm: { kind: 'switch', help: 'ask before each' },
  yes: { kind: 'switch', help: 'answer every question with yes' },
};

/** Whether something may be done to a target; asked of the user, or only told. Undefined: nobody needs to be asked. Throws `ConfirmationRequired`. */
export function approvalOf(options: Parsed, verb: string): ((target: string) => boolean) | undefined {
  if (options.isOn('what-if')) {
    return (target) => {
      writeError(`What if: ${sanitiseLine(`${verb} ${target}`)}\n`);
      return false;
    };
  }
  if (!options.isOn('confirm') || options.isOn('yes')) return undefined;
  if (!isTerminal(0) || !isTerminal(2)) throw new JobError({ code: 'ConfirmationRequired', message: '--confirm asks at a terminal, and there is none', hint: 'add --yes' });
  return (target) => isYes(sanitiseLine(`${verb} ${target}`));
}

/** The same for a verb that acts on jobs. `goal`: a job that is in this state already is left alone, and nobody is asked about it. */
export function approvalPart(options: Parsed, verb: string, goal?: JobState): { approve?: (job: JobView) => boolean } {
  const approve = approvalOf(options, verb);
  return approve === undefined ? {} : { approve: (job) => (goal === undefined || job.state !== goal) && approve(targetOf(job)) };
}

function targetOf({ id, name, command }: JobView): string {
  return `${id} (${name}): ${command}`;
}

function isYes(question: string): boolean {
  writeError(`${question}? [y/N] `);
  return /^y(es)?$/i.test(readLine().trim());
}

/** By bytes: what follows the line is the next answer. */
function readLine(): string {
  const bytes: number[] = [];
  const one = Buffer.alloc(1);
  while (readByte(one) && one[0] !== 10) bytes.push(one[0] as number);
  return Buffer.from(bytes).toString();
}

function readByte(into: Buffer): boolean {
  for (;;) {
    try {
      return readSync(0, into) === 1;
    } catch (cause) {
      // Somebody made the terminal non-blocking, and nothing has been typed yet.
      if ((cause as NodeJS.ErrnoException).code !== 'EAGAIN') throw cause;
      Atomics.wait(PAUSE, 0, 0, 20);
    }
  }
}

const PAUSE = new Int32Array(new SharedArrayBuffer(4));

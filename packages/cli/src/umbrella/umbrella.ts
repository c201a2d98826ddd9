/**
 * The words of `nightshift` that are no job verb, and the umbrella itself. In a file of the bundle that is loaded when one of
 * them is called: a start must not pay for them.
 */
import { EXIT } from '../exit-codes.ts';
import { writeOut } from '../print/terminal.ts';
import type { Verb } from '../verb.ts';
import { VERSION } from '../version.ts';
import { disableScheduledJob } from '../verbs/disable-scheduled-job.ts';
import { enableScheduledJob } from '../verbs/enable-scheduled-job.ts';
import { getScheduledJob } from '../verbs/get-scheduled-job.ts';
import { invokeCommand } from '../verbs/invoke-command.ts';
import { registerScheduledJob } from '../verbs/register-scheduled-job.ts';
import { setScheduledJob } from '../verbs/set-scheduled-job.ts';
import { startThreadJob } from '../verbs/start-thread-job.ts';
import { unregisterScheduledJob } from '../verbs/unregister-scheduled-job.ts';
import { completion, completionWords } from './completion.ts';
import { dashboard } from './dashboard.ts';
import { doctor } from './doctor.ts';
import { help, verbOf } from './help.ts';
import { history } from './history.ts';
import { importVerb } from './import.ts';
import { newDefinition } from './new.ts';
import { next } from './next.ts';
import { scheduler } from './scheduler.ts';
import { TRIGGER_VERBS } from './trigger-verbs.ts';
import { trust } from './trust.ts';
import { validate } from './validate.ts';
import { worker } from './worker.ts';

/** PowerShell's verbs that read definitions: each has a bin of its own. */
export const SCHEDULED_JOB_VERBS: readonly Verb[] = [registerScheduledJob, getScheduledJob, setScheduledJob, enableScheduledJob, disableScheduledJob, unregisterScheduledJob];

/** Verbs with bins of their own that start jobs, and that few are in a hurry for. */
export const START_VERBS: readonly Verb[] = [startThreadJob, invokeCommand];

export const UMBRELLA_VERBS: readonly Verb[] = [validate, next, history, scheduler, worker, newDefinition, importVerb, trust, dashboard, doctor];

/** The verb of this name; of none, or of a word that asks for help, it is `help`. Throws `CommandNotFoundException`. */
export function umbrellaVerb(name: string | undefined, jobVerbs: readonly Verb[]): Verb {
  const all = everyVerb(jobVerbs);
  if (name === undefined || ['--help', '-h', '-?'].includes(name)) return verbOf('help', all);
  if (['--version', '-v', '-V', 'version'].includes(name)) return version;
  // Asked by a shell, never by a person: it is in no list.
  return name === completionWords(all).table.name ? completionWords(all) : verbOf(name, all);
}

/** All verbs that there are; help and completion speak of all of them. */
export function everyVerb(jobVerbs: readonly Verb[]): readonly Verb[] {
  const all: Verb[] = [...jobVerbs, ...START_VERBS, ...SCHEDULED_JOB_VERBS, ...TRIGGER_VERBS, ...UMBRELLA_VERBS];
  all.push(help(all), completion(all));
  return all;
}

const version: Verb = {
  table: { name: '--version', summary: 'says which version this is', examples: [], usage: [''], options: {} },
  async run() {
    writeOut(`${VERSION}\n`);
    return EXIT.done;
  },
};

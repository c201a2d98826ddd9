/**
 * The words of `nightshift` that are no job verb, and the umbrella itself. In a file of the bundle that is loaded when one of
 * them is called: a start must not pay for them.
 */
import { suggest } from '@nightshift/sdk';
import { EXIT } from '../exit-codes.ts';
import { usage } from '../options/usage.ts';
import { writeOut } from '../print/terminal.ts';
import type { Verb } from '../verb.ts';
import { doctor } from './doctor.ts';
import { validate } from './validate.ts';

export const UMBRELLA_VERBS: readonly Verb[] = [validate, doctor];

/** The verb of this name. Throws `CommandNotFoundException`, with the nearest name as hint. */
export function umbrellaVerb(name: string | undefined, jobVerbs: readonly Verb[]): Verb {
  const all = [...jobVerbs, ...UMBRELLA_VERBS];
  if (name === undefined || name === '--help' || name === '-h' || name === 'help') return saying(overview(all));
  if (name === '--version') return saying(`${VERSION}\n`);
  const verb = UMBRELLA_VERBS.find(({ table }) => table.name === name);
  if (verb !== undefined) return verb;
  const near = suggest(name, all.map(({ table }) => table.name));
  throw usage('CommandNotFoundException', `there is no verb "${name}"`, near === undefined ? 'nightshift --help lists them' : `did you mean ${near}?`);
}

const VERSION = '0.1.0';

/** The umbrella without a verb only says something. */
function saying(text: string): Verb {
  return {
    table: { name: 'nightshift', summary: 'jobs that outlive the terminal', examples: [], usage: [''], options: {} },
    async run() {
      writeOut(text);
      return EXIT.done;
    },
  };
}

function overview(verbs: readonly Verb[]): string {
  const width = Math.max(...verbs.map(({ table }) => table.name.length));
  const lines = verbs.map(({ table: { name, summary } }) => `  ${name.padEnd(width)}  ${summary}`);
  return ['nightshift: jobs that outlive the terminal', '', '  $ start-job --name Build -- make all', '  $ receive-job Build --follow', '', ...lines, '', 'VERB --help tells more of each.', ''].join('\n');
}

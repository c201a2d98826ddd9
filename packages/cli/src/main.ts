import { join } from 'node:path';
import { createHost, type Host } from '@nightshift/host';
import { suggest } from '@nightshift/sdk';
import { EXIT } from './exit-codes.ts';
import { helpText } from './options/help.ts';
import { parse } from './options/parse.ts';
import { usage } from './options/usage.ts';
import { printError, printWarning, type Voice } from './print/error.ts';
import { BrokenPipe, writeOut } from './print/terminal.ts';
import { doctor } from './umbrella/doctor.ts';
import { validate } from './umbrella/validate.ts';
import type { Verb } from './verb.ts';
import { getJobType } from './verbs/get-job-type.ts';
import { getJob } from './verbs/get-job.ts';
import { receiveJob } from './verbs/receive-job.ts';
import { removeJob } from './verbs/remove-job.ts';
import { startJob } from './verbs/start-job.ts';
import { stopJob } from './verbs/stop-job.ts';
import { waitJob } from './verbs/wait-job.ts';

const VERBS: readonly Verb[] = [startJob, getJob, receiveJob, waitJob, stopJob, removeJob, getJobType, validate, doctor];

/** Runs one verb and ends the process. `named`: the bin that was called; the umbrella names its verb in the first word. */
export async function run(named: string | undefined, umask: number): Promise<void> {
  const words = process.argv.slice(2);
  const [name, argv] = named === undefined ? [words[0], words.slice(1)] : [named, words];
  process.exit(await statusOf(name, argv, umask));
}

async function statusOf(name: string | undefined, argv: readonly string[], umask: number): Promise<number> {
  const verb = VERBS.find(({ table }) => table.name === name);
  const voice: Voice = { verb: verb?.table.name ?? 'nightshift', json: wantsJson(argv), debug: argv.includes('--debug') || process.env['NIGHTSHIFT_DEBUG'] === '1' };
  try {
    return verb === undefined ? umbrella(name) : await runVerb(verb, argv, voice, umask);
  } catch (cause) {
    return cause instanceof BrokenPipe ? EXIT.done : printError(voice, cause);
  }
}

async function runVerb(verb: Verb, argv: readonly string[], voice: Voice, umask: number): Promise<number> {
  const options = parse(verb.table, argv);
  if (options.isOn('help')) {
    writeOut(helpText(verb.table));
    return EXIT.done;
  }
  let made: Host | undefined;
  let interrupt: AbortSignal | undefined;
  return verb.run(options, {
    voice,
    interrupt: () => (interrupt ??= onInterrupt()),
    host: (more) => (made ??= createHost({ umask, shim: join(__dirname, 'shim.sh'), warn: (warning) => printWarning(voice, warning), ...more })),
  });
}

function onInterrupt(): AbortSignal {
  const controller = new AbortController();
  process.once('SIGINT', () => controller.abort());
  return controller.signal;
}

function umbrella(name: string | undefined): number {
  if (name === undefined || name === '--help' || name === '-h' || name === 'help') writeOut(overview());
  else if (name === '--version') writeOut(`${VERSION}\n`);
  else {
    const near = suggest(name, VERBS.map(({ table }) => table.name));
    throw usage('CommandNotFoundException', `there is no verb "${name}"`, near === undefined ? 'nightshift --help lists them' : `did you mean ${near}?`);
  }
  return EXIT.done;
}

const VERSION = '0.1.0';

function overview(): string {
  const width = Math.max(...VERBS.map(({ table }) => table.name.length));
  const lines = VERBS.map(({ table: { name, summary } }) => `  ${name.padEnd(width)}  ${summary}`);
  return ['nightshift: jobs that outlive the terminal', '', '  $ start-job --name Build -- make all', '  $ receive-job Build --follow', '', ...lines, '', 'VERB --help tells more of each.', ''].join('\n');
}

/** Errors of a call that cannot even be parsed are wanted in its form as well. */
function wantsJson(argv: readonly string[]): boolean {
  const end = argv.indexOf('--');
  const flags = end === -1 ? argv : argv.slice(0, end);
  return flags.some((word, index) => word === '--json' || /^(-o|--output)=jsonl?$/.test(word) || (/^jsonl?$/.test(word) && /^(-o|--output)$/.test(flags[index - 1] ?? '')));
}

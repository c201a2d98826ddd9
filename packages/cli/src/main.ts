import { join } from 'node:path';
import { createHost, type Host } from '@nightshift/host';
import { EXIT } from './exit-codes.ts';
import { guessingNames } from './options/near-job.ts';
import { parse } from './options/parse.ts';
import { printError, printWarning, type Voice } from './print/error.ts';
import { isBrokenPipe } from './print/terminal.ts';
import { showHelp } from './umbrella/help.ts';
import type { Verb } from './verb.ts';
import { debugJob } from './verbs/debug-job.ts';
import { getJobType } from './verbs/get-job-type.ts';
import { getJob } from './verbs/get-job.ts';
import { receiveJob } from './verbs/receive-job.ts';
import { removeJob } from './verbs/remove-job.ts';
import { resumeJob } from './verbs/resume-job.ts';
import { startJob } from './verbs/start-job.ts';
import { stopJob } from './verbs/stop-job.ts';
import { suspendJob } from './verbs/suspend-job.ts';
import { waitJob } from './verbs/wait-job.ts';

/** Verbs with a bin of their own. All others are in a file that is loaded when one of them is called (umbrella/umbrella.ts). */
export const JOB_VERBS: readonly Verb[] = [startJob, getJob, receiveJob, waitJob, stopJob, removeJob, suspendJob, resumeJob, debugJob, getJobType];

/** Runs one verb and ends the process. `named`: the bin that was called; the umbrella names its verb in the first word. */
export async function run(named: string | undefined, umask: number): Promise<void> {
  const words = process.argv.slice(2);
  const [name, argv] = named === undefined ? [words[0], words.slice(1)] : [named, words];
  process.exit(await statusOf(name, argv, umask));
}

async function statusOf(name: string | undefined, argv: readonly string[], umask: number): Promise<number> {
  const voice = { verb: 'nightshift', json: wantsJson(argv), debug: argv.includes('--debug') || process.env['NIGHTSHIFT_DEBUG'] === '1' };
  try {
    const verb = JOB_VERBS.find(({ table }) => table.name === name) ?? (await import('./umbrella/umbrella.ts')).umbrellaVerb(name, JOB_VERBS);
    voice.verb = verb.table.name;
    if (asksForHelp(argv)) return help(verb, argv);
    return await runVerb(verb, argv, voice, umask);
  } catch (cause) {
    return isBrokenPipe(cause) ? EXIT.done : printError(voice, cause);
  }
}

async function runVerb(verb: Verb, argv: readonly string[], voice: Voice, umask: number): Promise<number> {
  const options = parse(verb.table, argv);
  // In a part of its name, as PowerShell takes it.
  if (options.isOn('help')) return help(verb, argv);
  const configFile = options.text('config');
  let made: Host | undefined;
  let interrupt: AbortSignal | undefined;
  return verb.run(options, {
    voice,
    interrupt: () => (interrupt ??= onInterrupt()),
    host: (more) => (made ??= guessingNames(createHost({ environment: { ...process.env }, umask, shim: join(__dirname, 'shim.sh'), codeHost: [join(__dirname, 'code-host.cjs')], pluginProcess: [join(__dirname, 'plugin-process.cjs')], threadHost: [join(__dirname, 'thread-host.cjs')], warn: (warning) => printWarning(voice, warning), ...(configFile === undefined ? {} : { configFile }), ...more }))),
  });
}

function onInterrupt(): AbortSignal {
  const controller = new AbortController();
  process.once('SIGINT', () => controller.abort());
  return controller.signal;
}

/** Wherever it stands, and whatever else is wrong with the words: whoever asks for help does not know better yet. */
function asksForHelp(argv: readonly string[]): boolean {
  return ownWords(argv).some((word) => /^(?:-h|-\?|--help|-help)(?:=true)?$/i.test(word));
}

function help({ table }: Verb, argv: readonly string[]): number {
  showHelp(table, ownWords(argv).some((word) => /^--?all$/i.test(word)));
  return EXIT.done;
}

/** What stands before `--`: the rest is a job's. */
function ownWords(argv: readonly string[]): readonly string[] {
  const end = argv.indexOf('--');
  return end === -1 ? argv : argv.slice(0, end);
}

/** Errors of a call that cannot even be parsed are wanted in its form as well. */
function wantsJson(argv: readonly string[]): boolean {
  const flags = ownWords(argv);
  return flags.some((word, index) => word === '--json' || /^(-o|--output)=jsonl?$/.test(word) || (/^jsonl?$/.test(word) && /^(-o|--output)$/.test(flags[index - 1] ?? '')));
}

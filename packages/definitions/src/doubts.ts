import type { Complain } from './complaint.ts';
import { holdsPassword, isReference, isSensitive } from './hide-secrets.ts';
import { quoted } from './quoted.ts';
import type { Entry, ScalarNode, Tree } from './tree.ts';

/** What YAML or we accept although it is hardly meant: texts cut at ` #`, secrets written down, quotes of a word processor. */
export function reportDoubts(text: string, root: Tree, warn: Complain): void {
  for (const scalar of scalarsIn(root)) {
    reportCut(text, scalar, warn);
    reportQuotes(scalar, warn);
  }
  const job = root.kind === 'map' ? root.entries.get('job')?.value : undefined;
  if (job?.kind !== 'map') return;
  if (RUNS_A_PROGRAM.test(textIn(job, 'type') ?? textIn(root, 'type') ?? 'BackgroundJob')) reportCommandLine(job.entries.get('command'), warn);
  for (const [name, entry] of entriesIn(job)) reportSecret(name, entry, warn);
}

/** Types whose `command` is a program: to others it may be a line for a shell. What a ScheduledJob runs is a BackgroundJob unless it says otherwise. */
const RUNS_A_PROGRAM = /^(?:BackgroundJob|(?:PS)?ScheduledJob)$/i;

function textIn(node: Tree, key: string): string | undefined {
  const value = node.kind === 'map' ? node.entries.get(key)?.value : undefined;
  return value?.kind === 'scalar' && typeof value.value === 'string' ? value.value : undefined;
}

/** `# note` is a comment; `#42` right behind a text without quotes was probably part of it. */
function reportCut(text: string, scalar: ScalarNode, warn: Complain): void {
  if (!scalar.plain || typeof scalar.value !== 'string') return;
  const rest = /^[ \t]{1,9}#\w/.exec(text.slice(scalar.end, scalar.end + 20));
  if (rest === null) return;
  const start = scalar.end + rest[0].indexOf('#');
  const message = 'YAML reads what follows " #" as a comment, so that the text ends before it';
  warn({ code: 'DefinitionValueInvalid', message, hint: 'quote the text, or write a blank after "#"', start, end: start + 1 });
}

function reportQuotes({ plain, value, start }: ScalarNode, warn: Complain): void {
  if (!plain || typeof value !== 'string' || !/^[\u2018-\u201f\u00ab\u00bb]/.test(value)) return;
  warn({ code: 'DefinitionValueInvalid', message: `to YAML ${value[0]} is a letter like any other, and part of the text`, hint: 'quote with " or \'', start, end: start + 1 });
}

/** A program of that name may exist; far more often a command line was meant. */
function reportCommandLine(command: Entry | undefined, warn: Complain): void {
  if (command?.value.kind !== 'scalar' || typeof command.value.value !== 'string' || command.value.faulty) return;
  const words = command.value.value.trim().split(/\s+/);
  if (words.length === 1) return;
  const { start, end } = command.value;
  warn({ code: 'DefinitionValueInvalid', message: '"command" names one program, whose name would hold these blanks', hint: 'write a list, such as [node, backup.mjs], or use scriptBlock for a line of shell', start, end });
}

/** Points at the key: the value is not to be seen again. */
function reportSecret(name: string, { key, value }: Entry, warn: Complain): void {
  if (value.kind !== 'scalar' || typeof value.value !== 'string') return;
  if (!holdsPassword(value.value) && (!isSensitive(name) || value.value === '' || isReference(value.value))) return;
  const message = `${quoted(name)} looks like a secret that is written down`;
  warn({ code: 'DefinitionValueInvalid', message, hint: 'give a reference under "secrets", such as env:NAME or file:PATH', start: key.start, end: key.end });
}

function* scalarsIn(node: Tree): Generator<ScalarNode> {
  if (node.kind === 'scalar') yield node;
  else if (node.kind === 'list') for (const item of node.items) yield* scalarsIn(item);
  else for (const { value } of node.entries.values()) yield* scalarsIn(value);
}

/** All entries but those under `secrets`, where the job type refuses anything but a reference. */
function* entriesIn(node: Tree): Generator<[string, Entry]> {
  if (node.kind === 'list') for (const item of node.items) yield* entriesIn(item);
  if (node.kind !== 'map') return;
  for (const [name, entry] of node.entries) {
    if (name === 'secrets') continue;
    yield [name, entry];
    yield* entriesIn(entry.value);
  }
}

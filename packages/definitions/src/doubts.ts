import type { Complain } from './complaint.ts';
import { isReference, isSensitive } from './hide-secrets.ts';
import { quoted } from './quoted.ts';
import type { Entry, ScalarNode, Tree } from './tree.ts';

/** What YAML or we accept although it is hardly meant: texts cut at ` #`, secrets written down. */
export function reportDoubts(text: string, root: Tree, warn: Complain): void {
  for (const scalar of scalarsIn(root)) reportCut(text, scalar, warn);
  const job = root.kind === 'map' ? root.entries.get('job')?.value : undefined;
  if (job !== undefined) for (const [name, entry] of entriesIn(job)) reportSecret(name, entry, warn);
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

/** Points at the key: the value is not to be seen again. */
function reportSecret(name: string, { key, value }: Entry, warn: Complain): void {
  if (!isSensitive(name) || value.kind !== 'scalar' || typeof value.value !== 'string' || value.value === '' || isReference(value.value)) return;
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

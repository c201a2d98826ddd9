import { holdsPassword, isReference, isSensitive } from '@nightshift/definitions';
import { parseDuration, type JobError, type JobErrorFacts } from '@nightshift/sdk';
import { HOOK_KINDS, type HookKind } from './hook-keys.ts';

/** One entry of `hooks` as the table of keys has checked it: a wrong value may still be of any kind. */
type Entry = Readonly<Record<string, unknown>>;
type Path = readonly PropertyKey[];
type Complain = (path: Path, facts: JobErrorFacts) => JobError;

/** What no table of keys can say of the hooks, each with its place. */
export function hookFaults(hooks: unknown, complain: Complain): readonly JobError[] {
  return entriesIn(hooks).flatMap(([kind, entry, path]) => [...targetFaults(entry, path, complain), ...headerFaults(entry, path, complain), ...spanFaults(kind, entry, path, complain)]);
}

/** Secrets that are written down: they work, and somebody will read them. Source: S25. */
export function hookDoubts(hooks: unknown, complain: Complain): readonly JobError[] {
  return entriesIn(hooks).flatMap(([, entry, path]) => {
    const values: [string, unknown, Path][] = [...mapOf(entry['headers'])].map(([name, value]) => [name, value, [...path, 'headers', name]]);
    const found = values.filter(([name, value]) => isWrittenSecret(name, value));
    return [...found.map(([name, , place]) => doubt(name, place, complain)), ...(typeof entry['webhook'] === 'string' && hasQuerySecret(entry['webhook']) ? [doubt('webhook', [...path, 'webhook'], complain)] : [])];
  });
}

function doubt(name: string, path: Path, complain: Complain): JobError {
  return complain(path, { code: 'DefinitionValueInvalid', message: `"${name}" looks like a secret that is written down`, hint: 'give a reference, such as env:NAME or file:PATH' });
}

function isWrittenSecret(name: string, value: unknown): boolean {
  return typeof value === 'string' && value !== '' && !isReference(value) && (isSensitive(name) || /^cookie$/i.test(name) || holdsPassword(value));
}

function hasQuerySecret(address: string): boolean {
  return URL.canParse(address) && [...new URL(address).searchParams].some(([name, value]) => value !== '' && isSensitive(name));
}

function targetFaults(entry: Entry, path: Path, complain: Complain): readonly JobError[] {
  const { webhook, definition } = entry;
  if (webhook !== undefined && definition !== undefined) return [complain([...path, 'definition'], { code: 'DefinitionKeysExclusive', message: 'a hook has either "webhook" or "definition", not both', hint: 'make two entries of it' })];
  if (webhook === undefined && definition === undefined) return [complain(path, { code: 'DefinitionKeyMissing', message: 'the hook tells nobody', hint: 'add webhook: https://…, or definition: NAME' })];
  const ofWebhook = definition === undefined ? [] : ['headers', 'allowPrivate'].filter((key) => entry[key] !== undefined);
  const strange = ofWebhook.map((key) => complain([...path, key], { code: 'DefinitionKeysExclusive', message: `"${key}" belongs to a webhook, and this hook starts a definition` }));
  return [...strange, ...(typeof webhook === 'string' && webhook !== '' ? addressFaults(webhook, [...path, 'webhook'], complain) : [])];
}

/** The address itself is not repeated: many are secrets. */
function addressFaults(webhook: string, path: Path, complain: Complain): readonly JobError[] {
  if (isReference(webhook)) return referenceFaults('webhook', webhook, path, complain);
  const fault = addressFault(webhook);
  return fault === undefined ? [] : [complain(path, { code: 'DefinitionValueInvalid', message: `webhook: ${fault}` })];
}

/** What is wrong with an address that is to get a POST; a sentence without the address. */
export function addressFault(webhook: string): string | undefined {
  if (!URL.canParse(webhook)) return 'it is no address; write https://HOST/PATH';
  const { protocol, username, password } = new URL(webhook);
  if (protocol !== 'https:' && protocol !== 'http:') return 'the address begins neither with https:// nor with http://';
  return username === '' && password === '' ? undefined : 'the address holds a user or a password; give them as a header that is a reference';
}

/** Names that HTTP itself, or we, fill in. */
const OURS = /^(?:host|connection|content-length|content-type|transfer-encoding|upgrade|expect|te|trailer|nightshift-.*)$/i;
const HEADER_NAME = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/;

function headerFaults(entry: Entry, path: Path, complain: Complain): readonly JobError[] {
  return [...mapOf(entry['headers'])].flatMap(([name, value]) => {
    const place = [...path, 'headers', name];
    const wrong = (message: string, hint?: string): JobError => complain(place, { code: 'DefinitionValueInvalid', message, ...(hint === undefined ? {} : { hint }) });
    if (!HEADER_NAME.test(name)) return [wrong('the name of a header holds letters, digits and dashes only')];
    if (OURS.test(name)) return [wrong(`the header "${name}" is set by Nightshift itself`)];
    if (typeof value !== 'string') return [wrong(`the header "${name}" must be text`, 'quote it')];
    if (isReference(value)) return referenceFaults(name, value, place, complain);
    return /^[\t\x20-\x7e\x80-\xff]*$/.test(value) ? [] : [wrong(`the header "${name}" holds a character that HTTP cannot send`)];
  });
}

function referenceFaults(name: string, value: string, path: Path, complain: Complain): readonly JobError[] {
  if (/^env:[A-Za-z_]\w*$/.test(value) || /^file:./.test(value)) return [];
  return [complain(path, { code: 'DefinitionValueInvalid', message: `"${name}" is a reference of a kind that a hook cannot follow`, hint: 'write env:NAME or file:PATH' })];
}

/** A span of nothing would be over at every moment. */
function spanFaults(kind: HookKind, { within }: Entry, path: Path, complain: Complain): readonly JobError[] {
  if (kind !== 'onMissed' || within === undefined) return [];
  try {
    if (parseDuration(String(within)) > 0) return [];
  } catch {
    return []; // It was complained about already.
  }
  return [complain([...path, 'within'], { code: 'DurationInvalid', message: 'within: it must be longer than nothing', hint: 'write a duration such as 26h' })];
}

function entriesIn(hooks: unknown): readonly (readonly [kind: HookKind, entry: Entry, path: Path])[] {
  if (!isMap(hooks)) return [];
  return HOOK_KINDS.flatMap((kind) => {
    const list: unknown = hooks[kind];
    return Array.isArray(list) ? (list as unknown[]).flatMap((entry, index) => (isMap(entry) ? [[kind, entry, ['hooks', kind, index]] as const] : [])) : [];
  });
}

function mapOf(value: unknown): Iterable<[string, unknown]> {
  return isMap(value) ? Object.entries(value) : [];
}

function isMap(value: unknown): value is Entry {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

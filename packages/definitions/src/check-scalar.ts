import { asciiLower, parseDuration, suggest } from '@nightshift/sdk';
import type { Complaint } from './complaint.ts';
import type { Keys, ValueRule } from './definition-keys.ts';
import { quoted } from './quoted.ts';
import { isTimeZone } from './time-zone.ts';
import type { ScalarNode, Tree } from './tree.ts';

export interface Fault {
  readonly message: string;
  /** Default: the code of the key. */
  readonly code?: Complaint['code'];
  readonly hint?: string;
}

/** Either the value as it is handed on, or what is wrong with it. */
export type Checked = { readonly value: unknown } | Fault;

const LIST_HINT = 'begin each entry with "- ", in a line of its own';

/** Checks a scalar; one where a map or list belongs is wrong. */
export function checkScalar(rule: ValueRule, node: ScalarNode): Checked {
  const { value } = node;
  switch (rule.is) {
    case 'text':
      if (typeof value === 'string') return value === '' && rule.filled !== undefined ? { message: 'the text is empty' } : isLike(rule, value) ? { value } : expected(rule, node);
      return value === null ? expected(rule, node) : { ...expected(rule, node), hint: 'quote it' };
    case 'boolean':
      if (rule.refused !== undefined && value === rule.refused.value) return { code: rule.refused.code, message: `${String(value)} is not possible: ${rule.refused.because}` };
      return typeof value === 'boolean' ? { value } : { ...expected(rule, node), ...asBoolean(value) };
    case 'integer':
      return typeof value === 'number' && Number.isInteger(value) && value >= rule.from && value <= rule.to ? { value } : expected(rule, node);
    case 'number':
      return typeof value === 'number' && value >= rule.from && value <= rule.to ? { value } : expected(rule, node);
    case 'duration':
      return checkDuration(node);
    case 'timeZone':
      return typeof value === 'string' && isTimeZone(value) ? { value } : { ...expected(rule, node), hint: zonesLike(value) };
    case 'size':
      return typeof value === 'string' && /^[1-9]\d{0,8}(?:\.\d{1,3})? ?(?:[kmgt]i?)?b$/i.test(value) ? { value } : expected(rule, node);
    case 'word':
      return checkWord(rule, node);
    case 'days':
      return typeof value === 'string' || typeof value === 'number' ? { value } : expected(rule, node);
    default:
      return { ...expected(rule, node), ...hintForStructure(rule, node) };
  }
}

function isLike({ like }: Extract<ValueRule, { is: 'text' }>, value: string): boolean {
  return like === undefined || new RegExp(like.pattern).test(value);
}

/** Where a map or a list belongs: how what stands there would look in one. */
function hintForStructure(rule: ValueRule, node: ScalarNode): { hint?: string } {
  if (node.plain && /^[A-Za-z_][\w.-]*:\S/.test(node.source)) return { hint: 'write a blank after ":"' };
  if (rule.is === 'list') return { hint: node.value === null ? 'write [], or leave the key out' : LIST_HINT };
  if (node.value === null) return { hint: rule.is === 'map' && !needsKeys(rule.keys) ? 'write {}, or its keys below it, indented deeper' : 'write its keys below it, indented deeper' };
  if (!/^.{1,60}$/.test(node.source)) return {};
  return rule.is === 'map' ? insideMap(rule.keys, node) : rule.is === 'oneKind' ? asKind(rule.kinds, node) : {};
}

/** `retry: 3` means `retry: { limit: 3 }`, as far as one key can be meant. */
function insideMap(keys: Keys, node: ScalarNode): { hint?: string } {
  const required = Object.keys(keys).filter((name) => keys[name]?.required);
  const [name, second] = required.length > 0 ? required : Object.keys(keys);
  const rule = name === undefined ? undefined : keys[name];
  if (rule === undefined || (required.length > 0 && second !== undefined)) return {};
  if ('value' in checkScalar(rule.value, node)) return { hint: `write { ${name}: ${node.source} }` };
  return required.length > 0 ? {} : { hint: 'write {}' };
}

/** `- 10m` and `- "0 3 * * *"` among the triggers. */
function asKind(kinds: Keys, node: ScalarNode): { hint?: string } {
  const short = Object.entries(kinds).find(([, { value }]) => value.is === 'map' && value.short !== undefined && fits(value.keys[value.short]?.value, node));
  return short === undefined ? {} : { hint: `write ${short[0]}: ${node.source}` };
}

function fits(rule: ValueRule | undefined, node: ScalarNode): boolean {
  if (rule?.is !== 'text') return rule !== undefined && 'value' in checkScalar(rule, node);
  return typeof node.value === 'string' && /^(?:@\w+|(?:\S+ +){4,5}\S+)$/.test(node.value);
}

function needsKeys(keys: Keys): boolean {
  return Object.values(keys).some(({ required }) => required);
}

/** With examples, since a zone of one's own must be found among hundreds. */
function zonesLike(value: ScalarNode['value']): string {
  const near = typeof value === 'string' && value.includes('/') ? suggest(value, Intl.supportedValuesOf('timeZone')) : undefined;
  const form = 'write an IANA name such as Europe/Berlin, America/New_York or UTC';
  return near === undefined ? form : `did you mean ${near}? Else ${form}`;
}

/** Of bare numbers only 0 has a meaning without a unit. */
function checkDuration({ value, source }: ScalarNode): Checked {
  const text = typeof value === 'string' ? value : value === 0 ? '0' : source;
  try {
    parseDuration(text);
    return { value };
  } catch (error) {
    const { message, hint } = error as { message: string; hint: string };
    return { code: 'DurationInvalid', message: `${message}${/^\d+(?:\.\d+)?$/.test(text) ? ': the unit is missing' : ''}`, hint };
  }
}

function checkWord(rule: ValueRule & { is: 'word' }, node: ScalarNode): Checked {
  const lower = typeof node.value === 'string' ? asciiLower(node.value) : '';
  const value = rule.words.find((word) => asciiLower(word) === lower);
  if (value !== undefined) return { value };
  const hint = rule.instead !== undefined && Object.hasOwn(rule.instead, lower) ? rule.instead[lower] : undefined;
  return { ...expected(rule, node), ...(hint === undefined ? {} : { hint }) };
}

/** YAML 1.1 had more words for true and false; people still write them. */
function asBoolean(value: ScalarNode['value']): { hint?: string } {
  const word = asciiLower(String(value));
  if (['yes', 'on', 'y', 'true', '1'].includes(word)) return { hint: 'write true' };
  if (['no', 'off', 'n', 'false', '0'].includes(word)) return { hint: 'write false' };
  return {};
}

/** "expected a list, not 42" */
export function expected(rule: ValueRule, node: Tree): Fault {
  const message = `expected ${wanted(rule)}, not ${described(node)}`;
  return rule.is === 'list' && node.kind === 'map' ? { message, hint: LIST_HINT } : { message };
}

/** "a list", "true or false", "a whole number from 0 to 10" */
export function wanted(rule: ValueRule): string {
  switch (rule.is) {
    case 'text':
      return rule.like?.says ?? 'text';
    case 'boolean':
      return 'true or false';
    case 'integer':
      return `a whole number${range(rule)}`;
    case 'number':
      return `a number${range(rule)}`;
    case 'duration':
      return 'a duration such as 90s, 5m or 1h30m';
    case 'size':
      return 'a size such as 200MB';
    case 'timeZone':
      return 'the name of a time zone';
    case 'word':
      return `${rule.words.slice(0, -1).join(', ')} or ${rule.words.at(-1)}`;
    case 'days':
      return 'names of days, numbers from 0 (Sunday) to 6, or a list of them';
    case 'oneKind':
      return `a map with one of ${Object.keys(rule.kinds).join(', ')}`;
    case 'list':
      return 'a list';
    default:
      return 'a map';
  }
}

function range({ from, to }: { from: number; to: number }): string {
  return to === Number.MAX_SAFE_INTEGER ? `, ${from} or more` : ` from ${from} to ${to.toLocaleString('en')}`;
}

function described(node: Tree): string {
  if (node.kind !== 'scalar') return `a ${node.kind}`;
  if (node.value === null) return 'nothing';
  return typeof node.value === 'string' ? quoted(node.value) : quoted(node.source).slice(1, -1);
}

import { parseDuration } from './duration.ts';
import { isJobError } from './errors.ts';
import { secretFault } from './secret-reference.ts';
import type { JsonSchema, SpecIssue, SpecResult, SpecSchema } from './spec-schema.ts';
import { suggest } from './suggest.ts';

/**
 * A value of the `job:` part and where it stands, for schemas that are written by hand. Each way of reading it answers with the
 * value, or complains and answers with undefined. Complaints name the place as the file does, and never repeat the value: it may
 * be a secret.
 */
export class SpecPart {
  readonly value: unknown;
  readonly #path: readonly string[];
  readonly #issues: SpecIssue[];

  constructor(value: unknown, issues: SpecIssue[], path: readonly string[] = []) {
    this.value = value;
    this.#issues = issues;
    this.#path = path;
  }

  complain(text: string, facts: Pick<SpecIssue, 'code' | 'hint' | 'at'> = {}): undefined {
    const name = ['job', ...this.#path].map((member) => member.slice(0, 80)).join('.');
    this.#issues.push({ message: `${JSON.stringify(name)} ${text}`, path: this.#path, ...facts });
  }

  /** The members of a map, each under its key; of a fixed set of keys when `known` is given. An absent part has none. */
  members(what: string, known?: readonly string[]): Readonly<Record<string, SpecPart>> {
    if (this.value === undefined) return {};
    if (!isMap(this.value)) return this.complain('must be a map of keys') ?? {};
    const given = Object.entries(this.value).filter(([, value]) => value !== undefined).map(([key, value]) => [key, new SpecPart(value, this.#issues, [...this.#path, key])] as const);
    for (const [key, part] of given) {
      const near = suggest(key, known ?? []);
      if (known?.includes(key) === false) part.complain(`is not a key of ${what}`, { code: 'DefinitionKeyUnknown', at: 'key', ...(near === undefined ? {} : { hint: `did you mean "${near}"?` }) });
    }
    return Object.fromEntries(given);
  }

  text(): string | undefined {
    return typeof this.value === 'string' && this.value !== '' ? this.value : this.complain('must be text');
  }

  /** An address of http or https, without user and password. */
  url(): string | undefined {
    const url = typeof this.value === 'string' ? URL.parse(this.value) : null;
    if (url === null || !['http:', 'https:'].includes(url.protocol)) return this.complain('must be a URL that begins with http:// or https://');
    if (url.username !== '' || url.password !== '') return this.complain('holds a user or a password, which everybody could read', { hint: 'send a header Authorization with a secret' });
    return url.href;
  }

  /** One of several words, in the case given there. */
  word<const Word extends string>(words: readonly Word[]): Word | undefined {
    const { value } = this;
    return words.find((word) => typeof value === 'string' && word.toLowerCase() === value.toLowerCase()) ?? this.complain(`must be one of ${words.join(', ')}`);
  }

  /** A map of names to texts, as of variables; `name` says what a name may be. */
  texts(name: RegExp = /^/): Readonly<Record<string, string>> {
    return Object.fromEntries(Object.entries(this.members('texts')).map(([key, part]) => {
      if (!name.test(key)) part.complain('has a name that cannot be used', { at: 'key' });
      return [key, part.text() ?? ''];
    }));
  }

  /** Names to references of secrets, never the secrets: to be handed on as `secrets` of a command line or of a foresight. */
  secrets(): Readonly<Record<string, string>> {
    return Object.fromEntries(Object.entries(this.members('secrets')).map(([key, part]) => {
      const fault = secretFault(key, part.value);
      return [key, fault === undefined ? (part.value as string) : (part.complain(fault.fault, { hint: fault.hint, at: fault.at }) ?? '')];
    }));
  }

  boolean(): boolean | undefined {
    return typeof this.value === 'boolean' ? this.value : this.complain('must be true or false');
  }

  count(from: number, to: number): number | undefined {
    const { value } = this;
    return Number.isInteger(value) && (value as number) >= from && (value as number) <= to ? (value as number) : this.complain(`must be a whole number from ${from} to ${to}`);
  }

  /** Milliseconds. */
  duration(): number | undefined {
    if (typeof this.value !== 'string') return this.complain('must be a duration with a unit', { code: 'DurationInvalid', hint: 'write, for example, 30s or 5m' });
    try {
      return parseDuration(this.value);
    } catch (cause) {
      if (!isJobError(cause)) throw cause;
      return this.complain(`is no duration: ${cause.message}`, { code: cause.code, ...(cause.hint === undefined ? {} : { hint: cause.hint }) });
    }
  }
}

/**
 * The schema of a spec whose keys `read` makes a value of; it complains about everything at once, and about unknown keys by itself.
 * `what` names the type with its article, as "an HttpJob". `keys` may say of each what editors tell and check: a JSON Schema
 * with a `description`.
 */
export function defineSpec<Spec, const Key extends string>(what: string, keys: readonly Key[] | Readonly<Record<Key, JsonSchema>>, required: readonly NoInfer<Key>[], read: (parts: Readonly<Partial<Record<Key, SpecPart>>>) => Spec): SpecSchema<Spec> {
  const properties = Array.isArray(keys) ? Object.fromEntries((keys as readonly Key[]).map((key) => [key, {}])) : (keys as Readonly<Record<Key, JsonSchema>>);
  const known = Object.keys(properties);
  const jsonSchema = { type: 'object', properties, required, additionalProperties: false };
  const validate = (value: unknown): SpecResult<Spec> => {
    const issues: SpecIssue[] = [];
    const root = new SpecPart(value ?? null, issues);
    const parts = root.members(what, known);
    for (const key of required) if (parts[key] === undefined) root.complain(`has no "${key}"`, { code: 'DefinitionKeyMissing' });
    const spec = read(parts as Readonly<Partial<Record<Key, SpecPart>>>);
    return issues.length > 0 ? { issues } : { value: spec };
  };
  return { '~standard': { version: 1, vendor: 'nightshift', validate, jsonSchema: { input: () => jsonSchema } } };
}

/** A map of keys, and neither a list nor nothing. */
export function isMap(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The `job:` part of an HttpJob. */
import { defineSpec, type SpecPart, type SpecSchema } from '@nightshift/sdk';

/** What is absent is not looked at. */
interface Expectation {
  /** Statuses ("204") and classes of them ("2xx"). */
  readonly status: readonly string[];
  readonly bodyIncludes?: string;
  /** Values of the JSON answer by their path, "database.state". */
  readonly json: Readonly<Record<string, unknown>>;
  /** Milliseconds from the request to the last byte of the answer. */
  readonly maxDuration?: number;
}

/** A request after validation. `${NAME}` in headers, body and json stands for a secret. */
export interface HttpSpec {
  readonly url: string;
  readonly method: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
  readonly json?: unknown;
  /** Name to reference, never a value. */
  readonly secrets: Readonly<Record<string, string>>;
  readonly expect: Expectation;
  /** Further tries, and the milliseconds before each. */
  readonly retries: { readonly limit: number; readonly delay: number };
  /** Milliseconds for one try. */
  readonly timeout: number;
  readonly followRedirects: boolean;
}

const METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'] as const;
const KEYS = ['url', 'method', 'headers', 'body', 'json', 'secrets', 'expect', 'retries', 'timeout', 'followRedirects'] as const;
const HEADER = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/;
const LETS_IN = /^(?:proxy-)?authorization$|cookie|token|secret|password|api-?key/i;
/** What a header may hold. */
export const HEADER_VALUE: RegExp = /^[\t\x20-\x7e\x80-\xff]*$/;

export const httpSchema: SpecSchema<HttpSpec> = defineSpec('an HttpJob', KEYS, ['url'], ({ url, method, headers, body, json, secrets, expect, retries, timeout, followRedirects }) => {
  const exclusive = { code: 'DefinitionKeysExclusive', at: 'key' } as const;
  if (body !== undefined) json?.complain('and "job.body" exclude each other: a request has one body', exclusive);
  const { limit, delay } = retries?.members('retries', ['limit', 'delay']) ?? {};
  const read = {
    url: url?.url(), method: method?.word(METHODS) ?? 'GET', headers: headers?.texts(HEADER) ?? {}, secrets: secrets?.secrets() ?? {}, expect: readExpectation(expect), retries: { limit: limit?.count(0, 100) ?? 0, delay: delay?.duration() ?? 10_000 },
    timeout: timeout?.duration() ?? 30_000, followRedirects: followRedirects?.boolean() ?? false,
    ...(body === undefined ? {} : { body: body.text() }), ...(json === undefined ? {} : { json: json.value }),
  } as HttpSpec;
  if (['GET', 'HEAD'].includes(read.method)) (body ?? json)?.complain(`and the method ${read.method} exclude each other: such a request has no body`, { ...exclusive, hint: 'write method: POST' });
  if (read.followRedirects && secrets !== undefined) followRedirects?.complain('and "job.secrets" exclude each other: they would go wherever an answer points', exclusive);
  checkSecrets(read, headers, secrets);
  return read;
});

/** What lets somebody in comes from a secret; a secret is used. */
function checkSecrets({ headers, body, json, secrets }: HttpSpec, headersPart?: SpecPart, secretsPart?: SpecPart): void {
  const sent = JSON.stringify([headers, body, json]);
  for (const [name, part] of Object.entries(secretsPart?.members('secrets') ?? {})) if (!sent.includes(`\${${name}}`)) part.complain('is used nowhere', { hint: `write \${${name}} in a header or in the body`, at: 'key' });
  for (const [name, part] of Object.entries(headersPart?.members('headers') ?? {})) {
    if (!HEADER_VALUE.test(String(part.value))) part.complain('holds what no header can hold: a line end or a letter beyond Latin-1');
    const isSecret = Object.keys(secrets).some((secret) => String(part.value).includes(`\${${secret}}`));
    if (LETS_IN.test(name) && !isSecret) part.complain('must come from a secret, never stand in a definition', { hint: `write secrets: { TOKEN: env:TOKEN } and ${name}: \${TOKEN}` });
  }
}

function readExpectation(part: SpecPart | undefined): Expectation {
  const { status, bodyIncludes, json, maxDuration } = part?.members('expect', ['status', 'bodyIncludes', 'json', 'maxDuration']) ?? {};
  return {
    status: status === undefined ? ['2xx'] : readStatuses(status), json: Object.fromEntries(Object.entries(json?.members('json') ?? {}).map(([path, { value }]) => [path, value])),
    ...(bodyIncludes === undefined ? {} : { bodyIncludes: bodyIncludes.text() as string }), ...(maxDuration === undefined ? {} : { maxDuration: maxDuration.duration() as number }),
  };
}

function readStatuses(part: SpecPart): readonly string[] {
  const words = [part.value].flat().map((word) => String(word).toLowerCase());
  if (words.length > 0 && words.every((word) => /^[1-5](?:\d\d|xx)$/.test(word))) return words;
  return part.complain('must be a status, a class of them, or a list', { hint: 'write, for example, status: 204, status: 2xx or status: [200, 404]' }) ?? [];
}

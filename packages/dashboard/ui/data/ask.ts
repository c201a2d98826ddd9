import { heardTime } from '../clock.ts';
import type { ErrorAnswer, ErrorFacts, Session, Written } from '../../src/api.ts';

/** What the server refused or could not do, with its code, sentence and hint. */
export class Refused extends Error {
  readonly facts: ErrorFacts;
  readonly status: number;

  constructor(facts: ErrorFacts, status: number) {
    super(facts.message);
    this.facts = facts;
    this.status = status;
  }
}

/** Asks the server. Throws `Refused`; also where nobody answers, with the code `ServerUnreachable`. */
export async function ask<Answer>(address: string, signal?: AbortSignal): Promise<Answer> {
  return answerOf<Answer>(await sent(address, { ...(signal === undefined ? {} : { signal }), headers: { accept: 'application/json' } }));
}

/** Writes: nothing is sent a second time, whatever happens. */
export async function post(address: string, csrf: string, body: object = {}): Promise<Written> {
  return answerOf<Written>(await sent(address, { method: 'POST', body: JSON.stringify(body), headers: { 'content-type': 'application/json', 'x-csrf-token': csrf } }));
}

async function sent(address: string, init: RequestInit): Promise<Response> {
  try {
    return await fetch(address, { ...init, credentials: 'same-origin', cache: 'no-store', redirect: 'error' });
  } catch (cause) {
    if ((cause as Error).name === 'AbortError') throw cause;
    throw new Refused({ code: 'ServerUnreachable', message: 'the dashboard does not answer', hint: 'nightshift dashboard' }, 0);
  }
}

async function answerOf<Answer>(response: Response): Promise<Answer> {
  if (response.ok) return timed((await response.json()) as Answer);
  const facts = await factsOf(response);
  throw new Refused(facts, response.status);
}

/** An answer that says when it was given sets the clock of the page. */
function timed<Answer>(answer: Answer): Answer {
  const { at } = answer as { readonly at?: unknown };
  if (typeof at === 'string') heardTime(at);
  return answer;
}

async function factsOf(response: Response): Promise<ErrorFacts> {
  try {
    return ((await response.json()) as ErrorAnswer).error;
  } catch {
    return { code: 'RequestRefused', message: `the server answered with ${response.status} ${response.statusText}` };
  }
}

/** An address of the API: a path, and what is asked for where it is not undefined. */
export function address(path: string, question: Readonly<Record<string, string | number | undefined>> = {}): string {
  const words = new URLSearchParams();
  for (const [name, value] of Object.entries(question)) if (value !== undefined) words.set(name, String(value));
  const text = words.toString();
  return text === '' ? path : `${path}?${text}`;
}

/** The address of a definition, below `/api/definitions` and below `/jobs`. */
export function keyPath({ namespace, name }: { readonly namespace: string; readonly name: string }): string {
  return `${encodeURIComponent(namespace)}/${encodeURIComponent(name.toLowerCase())}`;
}

export type { Session };

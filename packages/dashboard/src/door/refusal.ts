import { STATUS_CODES } from 'node:http';
import type { ErrorFacts } from '../api.ts';
import { STRANGER_PAGE } from './stranger-page.ts';

/** Statuses of requests that are refused: no others. Source: security specification S20; 503 is the limit of S23 on event streams. */
export type RefusedStatus = 400 | 401 | 403 | 404 | 413 | 415 | 431 | 503;

/** Why a request gets no answer to what it asks. Thrown, or returned where it is decided. */
export class Refusal extends Error {
  readonly status: RefusedStatus;
  readonly facts: ErrorFacts;

  constructor(status: RefusedStatus, message: string, facts: Partial<ErrorFacts> = {}) {
    super(message);
    this.status = status;
    this.facts = { code: wordOf(status), message, ...facts };
  }
}

/** `UnsupportedMediaType` of 415: what a refusal is called where no verb has a code for it. */
export function wordOf(status: RefusedStatus): string {
  return (STATUS_CODES[status] ?? '').replace(/[^A-Za-z]/g, '');
}

/** What a refusal says: JSON to a program, a sentence to a person who has opened an address, never as markup; to a person who is not let in how to come in. */
export function wordsOf(status: number, facts: ErrorFacts, accept: string): { readonly type: string; readonly text: string } {
  if (!accept.includes('text/html')) return { type: 'application/json', text: JSON.stringify({ error: facts }) };
  if (status === 401) return { type: 'text/html; charset=utf-8', text: STRANGER_PAGE };
  return { type: 'text/plain; charset=utf-8', text: `Nightshift: ${facts.message}.\n${facts.hint === undefined ? '' : `${facts.hint}\n`}` };
}
